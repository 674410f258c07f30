-- R1: a member or ACTO's account visibly mixes personal and work accounts.
-- Each sign is one way of mixing. WORK and OWN stand for the two kinds of account, GOT for the names of accounts;
-- an apostrophe in a pattern stands for a straight, a curly or a missing one.
-- said_by: member, official or both. about_acto: the item, or what it answers, must be about ACTO's work, because a member
-- may well be reached on a personal profile for other things (and where a client is asked to, it is O1).
CREATE TEMP TABLE spoken AS
WITH signs (said_by, about_acto, score, reason, pattern) AS (
    VALUES
    ('both', false, 0.85, 'It says that it was posted from the wrong account.',
     $$\b(?:(?:on|from|in|to)? ?(?:the )?wrong (?:account|profile|page)|cyfrif? anghywir)\b$$),
    ('member', false, 0.95, 'It says that it was posted from the wrong account.',
     $$\b(?:oops|whoops|wps|argh)\b[^.!?]{0,20}\b(?:wrong (?:account|profile)|cyfrif anghywir)\b$$),
    ('member', false, 0.95, 'The writer uses one account for work and private life.',
     $$\bcan(?:'t|not) be (?:bothered|faffed|arsed) with (?:having )?(?:a )?(?:separate|second|another) GOT\b[^.!?]{0,40}\bclients?\b$$),
    ('both', false, 0.85, 'It says that the accounts were not switched.',
     $$\bforgot(?:ten)? to (?:switch|swap|change|log out|sign out)(?: of)?(?: my| the)?(?: over| back)?(?: accounts?| profiles?)?\b$$),
    ('both', false, 0.8, 'The writer believed that they were on a personal account.',
     $$\bthought (?:i|this|it) (?:was|were) (?:still )?(?:on|in|using|posting (?:as|from|on)) (?:my|the) (?:OWN|other|burner|locked|anon)\b$$),
    ('both', false, 0.8, 'Something personal was done while signed in to a work account.',
     $$\b(?:signed|logged) in(?:to)? (?:as|on|to|under|with) (?:the|my|our) (?:\w+ )?WORK\b$$),
    ('both', false, 0.8, 'Something personal was posted on a work account.',
     $$\b(?:this is|meant to be|supposed to be) (?:my|the|our) WORK GOT\b$$),
    ('both', false, 0.8, 'Something personal was posted on a work account.',
     $$\b(?:on|from|to|with) (?:my|the|our) WORK GOT (?:again|instead|by mistake|by accident)\b$$),
    ('both', false, 0.8, 'It was meant for another account than the one it was posted from.',
     $$\b(?:(?:meant|supposed) (?:to (?:go|be|post|send|put|share)|for)|(?:was|were) for) (?:\w+ ){0,4}(?:my|our|the) (?:OWN|other|dating|hinge|tinder) (?:\w+ )?GOT\b$$),
    ('both', false, 0.8, 'The writer says that the personal and the work account were mixed up.',
     $$\b(?:was|is|were) me,? not (?:acto|the (?:page|charity|office|team))\b|\bnot (?:the|my|our) WORK GOT\b|\b(?:lik|post|comment|follow|tweet)(?:ing|ed)\b.{0,40} as (?:the|my) WORK GOT\b$$),
    ('both', false, 0.75, 'Work is done from a personal account.',
     $$\b(?:from|on) (?:my|the|our) (?:\w+'s |own |old )?(?:OWN) (?:\w+ )?(?:account|page|profile|login|facebook|fb|insta(?:gram)?)\b.{0,60}\b(?:because|as|since|locked|yes)\b$$),
    ('both', false, 0.75, 'Work is done from a personal account.',
     $$\b(?:posting|replying|answering|writing|commenting|tweeting|messaging|doing (?:this|it)) (?:\w+ ){0,3}(?:from|on) (?:my|the) (?:OWN )?(?:account|profile|one)\b$$),
    ('both', false, 0.75, 'Work is done from a personal account.',
     $$\bfrom (?:my|the|our) (?:OWN) (?:\w+ )?(?:account|page|profile|login|one)\b$$),
    ('member', false, 0.75, 'Work is done from a personal account.',
     $$\b(?:locked out of|can't get (?:in)?to) (?:the|my) WORK (?:GOT|account)\b$$),
    ('member', false, 0.75, 'The writer uses one account for work and private life.',
     $$\b(?:i|i've|we) (?:only |just )?(?:use|have|keep|got|run|need) (?:only |just )?(?:the )?one (?:account|profile|page|login|channel|feed)\b|\bmy only (?:account|profile|page|channel)\b$$),
    ('member', false, 0.75, 'The writer sees no need for separate accounts.',
     $$\b(?:i (?:don't|do not|never) (?:have|keep|want|see the point (?:of|in)|bother with)|can(?:'t|not) be (?:bothered|faffed|arsed) with) (?:having )?(?:a )?(?:separate|second|two|another|different) (?:\w+ )?(?:GOTs?|ones?)\b$$),
    ('member', false, 0.7, 'Private life or a private sale stands beside the offer of work.',
     $$\b(?:selling my|for sale|ono)\b.{0,120}\b(?:slots?|sessions?|appointments?|counselling)\b$$),
    ('both', true, 0.75, 'For ACTO work the writer asks to be reached in private.',
     $$\b(?:my|our) (?:own |home )?OWN (?:\w+ )?(?:account|profile|page|one|facebook|fb|insta(?:gram)?|messenger|whatsapp|e?-?mail|gmail|hotmail|address|inbox|dms?|number|phone|mobile)\b|\bmy (?:hotmail|gmail|yahoo|icloud)\b$$),
    ('both', true, 0.7, 'For ACTO work a private e-mail address is given.',
     $$\b[a-z0-9._%+-]+@(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|aol|btinternet|sky)\.[a-z.]+\b$$),
    ('official', false, 0.8, 'ACTO''s account asks people to go to a personal profile.',
     $$\b(?:look|find|add|message|tag|ring|text) me\b[^.!?]{0,50}\b(?:facebook|insta(?:gram)?|my OWN|whatsapp|messenger)\b$$),
    ('official', false, 0.8, 'Private life is told on ACTO''s own account.',
     $$\b(?:the (?:mother-in-law|missus|wife|hubby|other half|old man|bairns)|(?:my|me and (?:my|the)|our) (?:poor |lovely |little |two |three |youngest |eldest |dear )*(?:husband|wife|missus|hubby|other half|old man|bairns|babies|baby|little one|twins|nana?|nain|gran|mum|mam|dad|boyfriend|girlfriend|fella|mother-in-law|son|daughter|lad|sister|brother|auntie|uncle|hen do|stag do|front room|living room))\b$$),
    ('official', false, 0.75, 'Private life is told on ACTO''s own account.',
     $$\b(?:kids (?:\w+ )?in bed|love you,? (?:nana?|mum|mam|dad|gran)|(?:it's|from) (?:auntie|uncle|nana?)|prosecco|hung ?over|hangover|glass of (?:wine|red|white|malbec)|row with the)\b$$),
    ('official', false, 0.95, 'Private life is told on ACTO''s own account.',
     $$\b(?:sending for|send|pass me|pour me|bring me|fetch me|i need|where's) (?:the |a |an |some |my |more )?(?:large |big |stiff |strong )?(?:gin|wine|vodka|g&t|malbec)\b|\bwho(?:ever)? invented (?:toddlers|teenagers|babies|bedtimes?|half[- ]term|school runs?)\b|\bmy (?:toddler|teenager|newborn) (?:has|is|was|won't|just|still|woke|keeps)\b$$)
)
SELECT * REPLACE (
    '(?i)' || replace(replace(replace(replace(pattern,
        'WORK', '(?:practice|therapy|work|counselling|acto|professional|business|office|trustee|official|clinic)'),
        'OWN', '(?:own|personal|private|home|family|wife''s|husband''s|partner''s|son''s|daughter''s)'),
        'GOT', '(?:account|page|profile|login|channel|feed|insta(?:gram)?|facebook|one)'),
        '''', '[''’]?') AS pattern)
FROM signs;
-- Only what shows any of the signs is asked for each: a pattern out of a column is compiled anew for each row.
SET VARIABLE any_sign = (SELECT string_agg(pattern, '|') FROM spoken);
WITH
found AS (
    SELECT j.revision_id, j.normalised_text, s.score, s.reason, regexp_extract(j.normalised_text, s.pattern) AS evidence
    FROM to_judge j
    JOIN spoken s ON s.said_by IN ('both', j.author_role)
    WHERE j.author_role IN ('member', 'official')
      AND regexp_matches(j.normalised_text, getvariable('any_sign'))
      AND regexp_matches(j.normalised_text, s.pattern)
      -- advice on keeping accounts apart, money sent to a wrong bank account, sister organisations
      AND NOT regexp_matches(j.normalised_text, $$(?i)\b(?:never|don['’]?t|wouldn['’]?t|avoid|can['’]?t) (?:\w+ ){0,5}(?:from|on|to|through) (?:your|a|their) (?:own|personal|private)|\b(?:invoice|payment|paid|bank|bacs|sort code)\b|\b(?:separate|apart) and\b|\bkeep (?:\w+ ){0,4}(?:separate|apart)\b|\bwrong-account\b|\bson et lumi|\bsister (?:organisation|charity|body)\b$$)
      -- what ACTO writes for parents and drinkers, or quotes from them
      AND (j.author_role = 'member' OR s.score < 0.95 OR NOT regexp_matches(j.normalised_text,
        $$(?i)["“‘]|\b(?:blogs?|webinars?|films?|video|podcast|articles?|workshops?|agm|conference|reception|nibbles|raffle|parents|alcohol|drinking|clients?|people|tell us|told us|you|your)\b$$))
      AND (NOT s.about_acto OR j.author_role = 'official' OR regexp_matches(j.normalised_text || ' ' || j.parent_text,
        $$(?i)\b(?:acto|committee|trustees?|board|register|renewal|membership|supervision|cpd|minutes|papers|agenda|agm|volunteers?|working group|conference|bursar\w+|panel|newsletter|survey|regional|rota)\b$$))
)
SELECT
    revision_id,
    strpos(normalised_text, evidence) - 1 AS start_char,
    strpos(normalised_text, evidence) - 1 + length(evidence) AS end_char,
    score,
    reason
FROM found
