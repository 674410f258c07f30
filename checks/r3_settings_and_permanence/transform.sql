-- R3: signs of unsafe settings, or of not knowing that social media are public and permanent.
-- Each sign is one way of showing it; an apostrophe in a pattern stands for a straight, a curly or a missing one.
-- said_by: anyone, or work (a member or ACTO's account, because only they see clients at a place).
CREATE TEMP TABLE spoken AS
WITH signs (said_by, severity, score, reason, pattern) AS (
    VALUES
    ('anyone', 'high', 0.85, 'An account has been hacked.',
     $$\bhacked again\b|\b(?:(?:i|we)(?:'ve| have)? (?:just )?(?:been|got|was|were) hacked|(?:my|our) (?:\w+ ){1,4}(?:was|is|got|has been|been) (?:\w+ )?(?:hacked|cloned|hijacked|compromised|taken over))\b$$),
    ('anyone', 'high', 0.8, 'Somebody else is in the account.',
     $$\b(?:somebody|someone|some \w+)(?:'s| has| have| is)? (?:been )?(?:got into|gotten into|broken into|hacked|in|sending (?:\w+ ){1,3}(?:from|as)|posting (?:\w+ )?(?:from|as|on)) (?:my|our|the) (?:\w+ )?(?:account|page|profile|facebook|insta(?:gram)?|email|inbox|channel|linkedin|twitter)\b$$),
    ('anyone', 'high', 0.75, 'Somebody else is writing from the account.',
     $$\b(?:messages?|links?|dms?|friend requests?)\b.{0,80}\b(?:that|it) ?(?:is|was|wasn't|isn't|'s) ?(?:not|no|nae)? me\b$$),
    ('anyone', 'high', 0.95, 'A password stands in public.',
     $$\b(?:password|pw)(?:'s| is|:| =)? ?(?:still |now )?["“]?\S*(?:[a-z]\d|(?-i:[A-Z][a-z]+[A-Z]))\S*|\b(?:user ?name|log-?in|user): ?\S{3,30}[,;]? (?:and )?(?:the )?(?:password|pw|pass): ?\S{4,}$$),
    -- "A username and password" is asked for, "my login and password" is forgotten.
    ('anyone', 'high', 0.8, 'A password seems to stand in public.',
     $$\b(?:user ?name|log-?in|user)(?: is|:) ?\S{3,30},? (?:and )?(?:the )?(?:password|pw|pass)(?: is|:)? \S{4,}$$),
    ('anyone', 'high', 0.8, 'A login is shared with other people.',
     $$\b(?:has|have|got|knows?|uses?|gave (?:him|her|them)) (?:all )?(?:of )?(?:my|our|the) (?:\w+ )?(?:passwords?|log-?ins?)\b|\b(?:logs?|logged|logging|signs?) (?:in|on) as me\b|\bhave the log-?in for\b|\bleave (?:myself|it|me) logged in\b$$),
    ('anyone', 'high', 0.75, 'One password is used for many things, or by many people.',
     $$\bsame (?:password|pass ?word|log-?in) (?:for|on|as|since|everywhere)\b|\bpassword is the same\b|\bhaven't changed (?:my|the|that) password\b|\ball (?:\w+ )?(?:of us|two|three|four|five|six) (?:\w+ ){0,4}(?:with|use|uses|share|on) (?:the )?(?:same|one) (?:log-?in|password|account)\b|\bjust use (?:mine|my (?:log-?in|password))\b$$),
    ('anyone', 'high', 0.95, 'One password opens everything.',
     $$\bi(?:'ve| have)? (?:just |only |still |always )*(?:use|have|keep|got|had) (?:just |only |the |had )*(?:one|same) password\b[^.!?]{0,40}\b(?:everything|it all|the lot|opens|(?:all|every) (?:\w+ ){0,3}(?:accounts?|sites?|things?|logins?)|everywhere)|\bone password,? (?:since|for (?:years|decades|\d+ years)|all my life)\b|\b(?:only|just) (?:the )?one password\b[^.!?]{0,30}\bfor (?:everything|every (?:site|account|thing)|all my)|\bsame password for (?:the lot|everything|it all|all (?:of )?(?:my|them|it))|\bthe same password i use for (?:everything|all)$$),
    ('anyone', 'high', 0.95, 'One password opens everything.',
     $$\bit(?:'s what)? (?:opens|unlocks|does for|works for|gets me into) (?:the |my |both )?(?:bank|everything|e-?mail|diary|practice|lot|every)$$),
    ('anyone', 'high', 0.95, 'The writer tells what the password is made of.',
     $$\b(?:i|we) use (?:my|our|the) (?:\S+ ){0,3}(?:name|birthday|date of birth|postcode) (?:as|for) (?:the|my|a|our|every|all) (?:\w+ )?password|\bmy password(?: is|'s| has (?:always )?been) (?:still |always |just )?(?:my|the|our) (?:\S+ ){0,3}(?:name|birthday|date of birth|postcode)\b$$),
    ('anyone', 'normal', 0.95, 'The writer did not know that others could see or hear them live.',
     $$\b(?:(?:i|we) (?:really |honestly )?(?:didn't|did not|never|had no idea|had not|hadn't)|(?:^|[.!?,;(] ?)no idea)(?: (?:know|knew|realised?|realized?|noticed?|think|aware))?(?: that)? (?:i|we) (?:was|were) (?:still )?(?:live|streaming|being streamed|broadcasting|on air|on camera|being filmed|being recorded)\b|\b(?:(?:i|we) (?:really |honestly )?(?:didn't|did not|never|had no idea|hadn't)|(?:^|[.!?,;(] ?)no idea)(?: (?:know|knew|realised?|realized?|noticed?|think))?(?: that)? (?:my|our|the) (?:camera|mic|mike|microphone|webcam)(?: was|'s)? (?:still |left )?(?:on(?: air| the whole time| all along)?(?:[.,!;)]|$)|live|running|recording)$$),
    ('work', 'normal', 0.95, 'The camera or the stream was left on.',
     $$\b(?:i|we|sorry,?|oops,?|and|somebody|who) (?:had |have |completely |totally |all )*forgot(?:ten)? to (?:(?:turn|switch) off (?:the|my|our) (?:camera|mic|mike|microphone|webcam|stream|live ?stream)|(?:turn|switch) (?:the|my|our) (?:camera|mic|mike|microphone|webcam|stream|live ?stream) off|(?:stop|end) (?:the|my|our) (?:stream|live ?stream|broadcast))\b|\b(?:i|we) (?:\w+ )?left (?:the|my|our) (?:camera|mic|mike|microphone|webcam|stream|live ?stream|broadcast) (?:on|running|going)\b|\b(?:camera|mic|mike|microphone|webcam|stream|live ?stream|broadcast) was left (?:on|running|going)\b|\b(?:assumed|thought|believed)(?: that)? (?:the|our|my) (?:broadcast|stream|live ?stream|camera|mic|webcam) (?:had (?:\w+ )?(?:ended|stopped|finished|gone off)|was (?:\w+ )?off)\b|\b(?:assumed|thought|believed)(?: that)? we had (?:stopped|ended) (?:the )?(?:stream\w*|live ?stream|broadcast\w*)|\b(?:i|we) (?:was|were) still (?:live|streaming|broadcasting) (?:for|after|when the|while i|while we)\b$$),
    ('work', 'normal', 0.95, 'The camera or the stream was left on.',
     $$\b(?:we|i) (?:did not|didn't)(?:[.!,;]|$)|\bno idea\b|\bmortified\b|\bforgot\b|\b(?:assumed|thought) (?:that )?(?:we|i|it) (?:was|were|had)\b$$),
    ('work', 'high', 0.8, 'A live check-in shows where a client is seen.',
     $$(?:📍|\bchecked in\b|\bchecking in (?:at|to)|\blive from\b|\bjust (?:arrived|got to)\b).{0,80}\b(?:clients?|home visit|one[- ]to[- ]one|1[:-]1|hospice|hmp|prison|refuge|ward|supported living|care home|visit (?:no|number)|my regulars)\b$$),
    ('work', 'high', 0.8, 'A live check-in shows where a client is seen.',
     $$\b(?:clients?|home visit|hospice|hmp|prison|refuge|ward|supported living|care home|my regulars)\b.{0,80}📍$$),
    ('anyone', 'normal', 0.8, 'The writer believed that it was private.',
     $$\bthought i was (?:messaging|writing to|talking to|dming)\b|\bput (?:this|it|that) on private\b|\bthought (?:i|this|it|that|we|reviews?|comments?|the chat|dms?) (?:was|were|is|went|would be|had been|only went) (?:\w+ ){0,4}(?:private|dms?|direct message|messenger|inbox|pm|message|between us|just (?:to|for|you)|only (?:you|us|to)|to (?:you|the company|them) only|ended|off air|anonymous|friends only)\b$$),
    ('anyone', 'normal', 0.75, 'The writer was wrong about who could see it, or for how long.',
     $$\b(?:i (?:had )?(?:supposed|assumed|believed|imagined|thought)|under the impression)(?: that)? (?:only (?:\w+ ){1,3}could|only the|just you|i was (?:only |just )?(?:writing|talking|messaging)|(?:it|this) (?:would|only)|editing|deleting)\b$$),
    ('anyone', 'normal', 0.8, 'The writer did not know that it was public.',
     $$\b(?:didn't|did not|never|hadn't|had no idea|just) (?:know|knew|realised?|realized?|noticed?|think|thought) (?:\w+ ){0,5}(?:is public|was public|visible|could (?:all )?see|can (?:all )?see|can be seen|comes up|shows? (?:up|to|on|my)|on my (?:timeline|profile|feed))\b$$),
    ('anyone', 'normal', 0.75, 'The writer does not know who can see it.',
     $$\b(?:is (?:this|it|the chat) (?:\w+ ){0,4}(?:just|only) (?:going )?(?:to|between|for (?:me|us|you|him|her))|is (?:this|it) (?:(?:showing|going|posting) to (?:every|any|all|the world)\w*|visible|public)|how come (?:you|they|people|everyone) can (?:all )?(?:see|read)|can (?:folk|everyone|everybody|people|anyone|anybody|others?) (?:else )?(?:see|read) (?:this|it)|does this (?:come|show) up|who can see this(?:[?.!,]|$))$$),
    ('anyone', 'normal', 0.8, 'It was meant for fewer people than can see it.',
     $$\b(?:meant (?:for|to be|to go to|to send (?:this|that|it)) (?:\w+ ){0,4}(?:close friends|friends only|private|dms?|one person|just)|set (?:it |that |this )?to (?:friends|private)|wanted to (?:send|write) (?:it|this|that) (?:\w+ )?(?:just|only) to)\b$$),
    ('anyone', 'normal', 0.8, 'The writer hopes that deleting undoes it.',
     $$\b(?:delet(?:ed|ing)|taken|took|removed|unlisted|unsent)\b.{0,100}\b(?:screen ?shot\w*|(?:nobody|no one) (?:saw|sees|took|can|has|kept|noticed)|hope(?:fully)? (?:no|that no)\w*|gone for good|never happened|so it's gone|no (?:record|trace) of|say nothing|tell me|can(?:'t|not) (?:find|see) (?:it|that) now)\b$$),
    ('anyone', 'normal', 0.75, 'The writer tries to take back something public.',
     $$\b(?:nobody|no one|don't|do not) (?:please )?(?:screen ?shot|share (?:it|this|that)|save (?:it|that))\b|\bhow (?:do|can) i (?:get|take|make|pull) (?:it|this|that) (?:back|off|down|private)|\bdoes deleting (?:\w+ ){0,3}(?:work|delete|remove)\b$$),
    ('anyone', 'normal', 0.75, 'The writer does not know the settings.',
     $$\b(?:don't know|dunno|do not know|dinnae ken) how to (?:switch|turn|make|set|change|hide|delete|take) (?:\w+ ){0,3}(?:off|private|location|settings?|maps?|profile)\b|\bnever (?:looked at|checked|touched|changed) (?:my |the |any )?(?:\w+ )?(?:privacy|settings?)\b$$)
)
SELECT * REPLACE ('(?i)' || replace(pattern, '''', '[''’]?') AS pattern) FROM signs;
-- Only what shows any of the signs is asked for each: a pattern out of a column is compiled anew for each row.
SET VARIABLE any_sign = (SELECT string_agg(pattern, '|') FROM spoken);
WITH
found AS (
    SELECT
        j.revision_id, j.normalised_text, s.severity, s.score, s.reason,
        regexp_extract(j.normalised_text, s.pattern) AS evidence
    FROM to_judge j
    JOIN spoken s ON s.said_by = 'anyone' OR j.author_role <> 'public'
    WHERE regexp_matches(j.normalised_text, getvariable('any_sign'))
      AND regexp_matches(j.normalised_text, s.pattern)
      -- advice, training, quotations, and private health care
      AND NOT regexp_matches(j.normalised_text, $$(?i)["“]i['’]?ve been hacked|\b(?:webinar|workshop|course|guidance|training)\b|\bmembers only\b|\brecording\b|\bexhibition\b|\b(?:forgot|forgotten|lost|reset) my (?:user|log|pass)|\bif your? (?:\w+ )?(?:account|page|profile|password|email)\b|\bprivate (?:health\w*|care|clinic|hospital|practice|sector|room)\b$$)
      -- one for a password manager, and what others are told or asked; "it opens the bank" may be said of a key
      AND NOT (s.reason IN ('One password opens everything.', 'The writer tells what the password is made of.') AND (
          regexp_matches(j.normalised_text, $$(?i)\b(?:managers?|1password|bitwarden|lastpass|keychain|vault|single sign|sso|passkeys?|used to|never|reset\w*|don['’]?t|do not|shouldn['’]?t|scam\w*|hackers?|if you|you (?:can|need|have|use|only|should)|no longer)\b$$)
          OR NOT regexp_matches(j.normalised_text || ' ' || j.parent_text, $$(?i)\bpasswords?\b$$)))
      -- "we did not" answers who says that they were still on
      AND (NOT starts_with(s.pattern, '(?i)\b(?:we|i) (?:did not') OR regexp_matches(j.parent_text,
          $$(?i)\b(?:you (?:were|are)|you['’]?re|your (?:\w+ )?(?:camera|mic|mike|microphone|webcam|stream)\w* (?:was|is)|camera['’]?s|mic['’]?s) still (?:streaming|live|on|recording|broadcasting|running|filming)\b$$))
)
SELECT
    revision_id,
    strpos(normalised_text, evidence) - 1 AS start_char,
    strpos(normalised_text, evidence) - 1 + length(evidence) AS end_char,
    score,
    reason,
    severity
FROM found
UNION ALL
-- Whoever forgot a login and asks for help, and says nothing else, gives no secret away: a score of zero leaves that alone.
SELECT revision_id, 0, length(normalised_text), 0.0, 'Somebody who forgot a login asks for help.', NULL
FROM to_judge
WHERE regexp_full_match(normalised_text, $$(?i)[^\pL\pN_]*(?:(?:hi|hello|hiya|hey|dear|@\w+)(?: [a-z]+)?[^\pL\pN_]+)?(?:(?:sorry|oh no|oops|help)[^\pL\pN_]+)?(?:i(?:['’]?ve| have)? )?(?:just |completely |yet again )?(?:forgot(?:ten)?|lost|mislaid|(?:can['’]?t|cannot|don['’]?t|do not) remember) (?:my|the|both my) (?:acto |members['’]? )?(?:user ?names?|passwords?|pass ?codes?|log-?ins?)(?: (?:details|names?|and (?:my |the )?(?:passwords?|user ?names?|log-?ins?)))?(?: (?:to|for|on) (?:(?:the|your|my|acto|members['’]?|online) )*(?:area|account|page|portal|site|website))?(?: again)?[^\pL\pN_]+(?:(?:and|so|but|please) )*(?:(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: please)? (?:help(?: me)?(?: (?:out|with (?:this|that|it)|(?:to )?(?:get|log|sign) (?:back )?in))?|reset (?:it|them)(?: for me)?|send me (?:a|the) (?:new one|(?:reset )?link))|how (?:do|can) i (?:(?:log|get|sign) (?:back )?in|get (?:a new one|new ones)|reset (?:it|them))|(?:who|what) (?:can|do|should) (?:i (?:do|ask|contact)|help(?: me)?)|help(?: me)?)(?: (?:to|into) (?:(?:the|your|my|acto|members['’]?) )*(?:area|account|page|portal|site|website))?(?: again)?(?:,? (?:please|now))?[^\pL\pN_]*(?:(?:many )?thanks|thank you|cheers)?[^\pL\pN_]*$$)
