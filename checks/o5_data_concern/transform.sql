-- O5: ACTO's data in public, or somebody who says that it was shared wrongly. Each sign is one way of saying it; an
-- apostrophe in a pattern stands for a straight, a curly or a missing one.
CREATE TEMP TABLE spoken AS
WITH signs (severity, score, reason, pattern) AS (
    VALUES
    ('high', 0.85, 'Somebody says that personal details were leaked or passed on.',
     $$\b(?:you|you've|they|they've|acto|someone|somebody|who)(?: at \w+)?(?: have| has)? (?:\w+ ){0,2}(?:leaked|sold|published|given away|passed (?:on|about|around|round)|shared|forwarded|exposed) (?:\w+ ){0,4}(?:details|data|e-?mail|address(?:es)?|number|(?:my|our|his|her|their|your|personal|private|confidential) (?:\w+ ){0,2}information|complaint|file|list|names?|minutes)\b$$),
    ('high', 0.85, 'Somebody asks where to report a breach of data.',
     $$\b(?:whom|who) (?:do|should|can) (?:i|we) (?:report|tell|contact|complain)\b[^.?!]{0,60}\b(?:this|breach|leak|data|it)\b|\breported (?:it |this )?to the (?:ico|information commissioner)\b|\bdorri data\b|\bdata breach (?:at|by|from) (?:acto|you)\b$$),
    ('high', 0.8, 'Addresses of many people were shown to all of them.',
     $$\b(?:cc'd|cc:?d|copied) (?:in )?(?:with|to|alongside) (?:\w+ )?(?:\d+|hundreds|dozens|everyone|all)\b|\bnot bcc\b|\beveryone's (?:e-?mail )?address(?:es)? (?:for all|visible|in the)\b|\brhestr e-byst\b$$),
    ('high', 0.8, 'Something in confidence reached the wrong person.',
     $$\b(?:details|letter|file|complaint|notes|list|marks|names|records?|minutes|statement)\b[^.!?]{0,80}\b(?:in error|by mistake|by accident|pasted underneath)|\b(?:sent|posted|e-?mailed|forwarded|given|copied in|read)\b[^.!?]{0,60}\b(?:wrong person|complete stranger|somebody else's|someone else's|other party|my own complaint|my complaint back)\b|\b(?:somebody|someone) else's (?:complaint|letter|file|details|notes|statement|invoice)\b$$),
    ('high', 0.85, 'Internal documents of ACTO are in public.',
     $$\b(?:member(?:s|ship)?(?: master)? list|complaints? (?:file|inbox|ref\w*|log)|draft disciplinary|disciplinary (?:letter|outcomes?)|(?:board|committee|panel|trustee|ethics) minutes|master list|contact list)\b[^.!?]{0,120}\b(?:attached|screenshot|shared|folder|album|google|screen|whiteboard|leaked|link|download|public|everyone|for sale|here|online|found|full pdf|replies)\b$$),
    ('high', 0.8, 'Internal documents of ACTO are in public.',
     $$\b(?:screenshot|attached|(?:shar\w+|on|behind|your|the) (?:\w+ )?screen|whiteboard|shared (?:folder|album|drive)|straight out of (?:our|the) database|hover over|zoom in|ignore the screen)\b[^!?]{0,120}\b(?:complaints?|members?|arrears|fees|(?:the|board|panel|committee) minutes|panel|numbers|names|inbox|file|paid)\b|\b(?:applicants?|attendance|members?(?:hip)?) (?:lists?|export)\b[^!?]{0,120}\b(?:legible|selling|forum|send you|read|emails|public)\b$$),
    ('high', 0.8, 'Internal documents of ACTO are in public.',
     $$\b(?:closed|confidential|secret) (?:\S+ ){0,5}minutes\b[^!?]{0,80}\b(?:is|are) (?:at|on|here|below|up)\b|\bnames\b[^.!?]{0,30}\b(?:with|and) (?:\w+ )?(?:addresses|numbers|e-?mails)\b$$),
    ('high', 0.8, 'Something in confidence reached the wrong person.',
     $$\b(?:e-?mail|letter|message|attachment)\b[^!?]{0,60}\b(?:for|meant for|addressed to|belong\w* to) (?:another (?:man|woman|person|member|client|therapist)|some other|somebody else|someone else)\b$$),
    -- Certain only with what looks like a password: most who name one ask for it.
    ('urgent', 0.95, 'A login of ACTO stands in public.',
     $$\b(?:admin|acto|directory|the page|members' area|social@\S+)\b[^.!?]{0,60}\b(?:password|pw|pass)(?:'s| is|:| =)? ?(?:still |now )?["“]?\S*(?:[a-z]\d|\d[a-z]|(?-i:[A-Z][a-z]+[A-Z]))\S*$$),
    ('urgent', 0.95, 'A login of ACTO stands in public.',
     $$\b(?:password|pass ?code|pw|log-?in)\b[^.!?]{0,60}\b(?:acto|trustees'|members' area|board's|admin)[^.!?]{0,40}(?: is|:| =) (?:now )?(?:\S+ (?:/|and|with) )?["“]?[a-z]{4,}(?:[!#$%&*@_-]{0,2}\d+[!#$%&*]*|[!#$%&*@_]+\w*\d\w*)(?:[\s.,;"”)]|$)|\b(?:acto|trustees'|members' area|board's|admin)[^.!?]{0,40}\b(?:password|pass ?code|pw|log-?in)(?:'s| is|:| =) (?:\S+(?: (?:/|and|with)|,) (?:password )?)?["“]?[a-z]{4,}(?:[!#$%&*@_-]{0,2}\d+[!#$%&*]*|[!#$%&*@_]+\w*\d\w*)(?:[\s.,;"”)]|$)|\b(?:log|sign) in(?:to)?\b[^.!?]{0,60}\b(?:with|as|using) [\w.]+@[\w.-]+(?: / |, | and )(?:the )?(?:password )?["“]?[a-z]{4,}(?:[!#$%&*@_-]{0,2}\d+[!#$%&*]*|[!#$%&*@_]+\w*\d\w*)(?:[\s.,;"”)]|$)$$),
    ('urgent', 0.8, 'A login of ACTO seems to stand in public.',
     $$\b(?:admin|acto|directory|the page|members' area|social@\S+)\b[^.!?]{0,60}\bpassword(?:'s| is|:| =) \S+|\busername(?: is|:) \S+,? (?:and )?password(?: is|:)? \S+|\b(?:user ?name|user|log-?in):? \S+,? (?:and )?(?:the )?(?:password|pw|pass)(?: is|:)? \S*\d$$),
    ('high', 0.85, 'ACTO''s data are offered for sale or handed round.',
     $$\b(?:list|database|leads|export|spreadsheet)\b[^!?]{0,100}\b(?:acto|members?|practitioners|therapists)\b[^!?]{0,100}\b(?:for sale|sample|mobile|income|exported|numbers|owes? fees)\b|\bexported\b[^.!?]{0,40}\b(?:crm|database)\b$$),
    ('high', 0.75, 'Somebody''s details turn up where they should not be.',
     $$\b(?:my|our|their) (?:full )?(?:name|home address|details|number|e-?mail|application|data|wages)\b[^?]{0,120}\b(?:google|come up|comes up|how did they|where did (?:he|she|they) get|never gave|quoted it|tried to sell|spreadsheet|file with all)\b$$),
    ('high', 0.8, 'Somebody passes on what is in a confidential file or pack.',
     $$\b(?:panel|complaint|agenda pack|staff pay|legal advice|case file|upheld|suspension)\b[^?]{0,160}\b(?:forward you|scan|in the file i was sent|link is open|help yourselves|don't spread|bin it)\b$$),
    ('high', 0.75, 'Somebody sees records that are not theirs.',
     $$\b(?:looking at|seeing|shown|can see|signed in as me)\b[^.!?]{0,60}\b(?:somebody|someone|other people|another member)(?: else)?(?:'s| called)\b|\bvisible to search engines\b|\beveryone's (?:\w+[/ ]){0,2}(?:marks|details|records)\b$$),
    ('high', 0.75, 'A list of names or answers that should be closed has come out.',
     $$\b(?:described as anonymous|supposed to be (?:anonymous|confidential|private)|in confidence)\b[^!?]{0,200}\b(?:names|forwarded|read (?:it|my)|file|everyone|back to me)\b|\bfile with all \d+ names\b$$)
)
SELECT * REPLACE ('(?i)' || replace(pattern, '''', '[''’]?') AS pattern) FROM signs;
-- Only what shows any of the signs is asked for each: a pattern out of a column is compiled anew for each row.
SET VARIABLE any_sign = (SELECT string_agg(pattern, '|') FROM spoken);
WITH
found AS (
    SELECT
        judged.revision_id, judged.normalised_text, spoken.severity, spoken.score, spoken.reason,
        regexp_extract(judged.normalised_text, spoken.pattern) AS evidence
    FROM to_judge AS judged
    JOIN spoken ON regexp_matches(judged.normalised_text, spoken.pattern)
    WHERE regexp_matches(judged.normalised_text, getvariable('any_sign'))
      -- advice, training, role play, and what is public anyway
      AND NOT regexp_matches(judged.normalised_text, $$(?i)\b(?:webinar|workshop|training|role ?play|cpd|never share|don['’]?t share|if (?:your?|a|clients['’]?) (?:data|account|details)|how to report|our (?:annual )?report|public (?:directory|register)|keep your|change any password|slides?|speakers?|looks so)\b$$)
)
SELECT
    revision_id,
    strpos(normalised_text, evidence) - 1 AS start_char,
    strpos(normalised_text, evidence) - 1 + length(evidence) AS end_char,
    score,
    reason,
    severity
FROM found
