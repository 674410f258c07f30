"""acto.toml: what a volunteer gets wrong is said in one sentence that names the key, and no secret is echoed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.feed import OUR_HANDLE
from flows.config import Config, ConfigError, config_or_default, load_config, read_secret
from flows.days import today
from flows.message import freeze_message

WHOLE = """
[report]
to = ["chair@acto-org.uk"]
level = "redacted"
[smtp]
host = "smtp.example.org"
port = 587
security = "starttls"
username = "monitor@acto-org.uk"
[people]
roster = "roster.csv"
[official]
facebook = "ACTO-online"
[sources.channel]
platform = "youtube"
channel_id = "UC123"
base_url = "http://127.0.0.1:9000"
"""


def write(home: Path, text: str) -> Path:
    (home / "acto.toml").write_text(text, encoding="utf-8")
    return home


def test_the_example_of_the_documentation_loads(home: Path) -> None:
    config = load_config(write(home, WHOLE))
    assert config.roster == home / "roster.csv"
    assert config.sender == "monitor@acto-org.uk"
    source = config.source("channel", {"ACTO_YOUTUBE_API_KEY": "k3y"})
    assert (source.keys, source.secret, source.base_url) == ({"channel_id": "UC123"}, "k3y", "http://127.0.0.1:9000")
    assert "k3y" not in repr(source)


def test_without_a_report_section_the_chair_gets_it(home: Path) -> None:
    assert load_config(write(home, "")).report.to == ["chair@acto-org.uk"]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("", {"O3": "notice", "S1": "notice"}),
        (
            'level = "redacted"\nlevels = { O3 = "redacted", O1 = "notice" }',
            {"O3": "redacted", "S1": "notice", "O1": "notice"},
        ),
        ('level = "full"', {}),
        ('level = "notice"', {}),
    ],
)
def test_words_that_can_expose_a_client_are_in_no_mail_unless_asked_for(
    home: Path, text: str, levels: dict[str, str]
) -> None:
    """A few words of a session are enough for those who know the client, and a mail may go to the wrong person."""
    assert load_config(write(home, f"[report]\n{text}\n")).report.level_by_clause == levels


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[report]\nto = []\n", "report.to"),
        ('[report]\nto = ["no address"]\n', "report.to"),
        ('[report]\nto = ["a@b.example\\nBcc: x@y.example"]\n', "report.to"),
        (
            '[report]\nto = ["chair@acto.example", "jo..b@acto.example"]\n',
            "report.to.1: no mail can go to this address",
        ),
        ('[report]\nto = ["chair@acto.example."]\n', "report.to.0: no mail can go to this address"),
        ('[report]\nto = ["jürgen@acto.example"]\n', "report.to.0: no mail can go to this address"),
        ('[report]\nsender = "a\\\\b@acto.example"\n', "report.sender: no mail can go to this address"),
        ('[smtp]\nhost = "mail.acto.example"\nusername = "jo.@acto.example"\n', "smtp.username is no address"),
        ('[report]\nlevel = "loud"\n', "report.level"),
        ('[report]\nlevels = { O9 = "notice" }\n', "'O9' is no clause"),
        ('[report]\nlevels = { O3 = "loud" }\n', "report.levels.O3"),
        ('[sources.page]\nplatform = "myspace"\n', "sources.page: platform: it can be facebook, "),
        ('[sources.channel]\nplatform = "youtube"\n', "channel_id is missing"),
        ('[sources.channel]\nplatform = "youtube"\nchannel_id = "x"\nchanel = "y"\n', "chanel"),
        ('[smtp]\nhost = "mail.example.org"\nsecurity = "none"\n', "starttls"),
        ('[sources."../../etc"]\nplatform = "youtube"\nchannel_id = "x"\n', "sources"),
        ("[reports]\n", "reports"),
        ("[report\n", "not valid TOML"),
    ],
)
def test_a_mistake_is_named(home: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=r"acto\.toml") as caught:
        load_config(write(home, text))
    assert named in str(caught.value)


def test_a_secret_in_the_wrong_place_is_not_echoed(home: Path) -> None:
    text = '[sources.channel]\nplatform = "youtube"\nchannel_id = "x"\napi_key = "AIzaSecretSecret"\n'
    with pytest.raises(ConfigError) as caught:
        load_config(write(home, text))
    assert "AIza" not in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        "smtp://monitor:hunter2secret@smtp.example.org:587",
        "monitor:hunter2secret@smtp.example.org",
        "hunter2secret@smtp.example.org",
        "smtp.example.org/hunter2secret",
        "smtp.example.org hunter2secret",
        "smtp.example.org:587",
        "fe80::1%hunter2secret",
        "smtp..example.org",
        "",
        " ",
    ],
)
def test_a_mail_server_is_a_name_or_an_address_alone(home: Path, host: str) -> None:
    """A password beside it would be printed by the doctor, logged, and told by every scan."""
    with pytest.raises(ConfigError, match=r"smtp\.host: must be the name or the IP address") as caught:
        load_config(write(home, f'[smtp]\nhost = "{host}"\n'))
    assert "hunter2secret" not in str(caught.value)


@pytest.mark.parametrize(
    "host", ["smtp.example.org", "smtp.example.org.", "post.müller.example", "mail_1", "192.0.2.7", "::1"]
)
def test_any_name_or_address_of_a_mail_server_is_accepted(home: Path, host: str) -> None:
    config = load_config(write(home, f'[smtp]\nhost = "{host}"\n'))
    assert config.smtp and config.smtp.host == host


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[reports]\n", "reports: unknown key; is “report” meant?"),
        ('[report]\nTo = ["a@b.example"]\n', "report.To: unknown key; is “to” meant?"),
        ('[smtp]\nhots = "mail.example"\n', "smtp.hots: unknown key; is “host” meant?"),
        ('[encryption]\nkeyfile = "k"\n', "encryption.keyfile: unknown key; is “key_file” meant?"),
        ("[audit]\nper = 5\n", "audit.per: unknown key; it can be a_night"),
        ('[official]\nfacebok = "ACTO-other"\n', "official: facebok: unknown key; is “facebook” meant?"),
        ('[official]\nX = "acto_org_new"\n', "official: X: unknown key; is “x” meant?"),
        (
            '[sources.channel]\nplatform = "youtube"\nchanel_id = "y"\n',
            "sources.channel: chanel_id: unknown key; is “channel_id” meant?",
        ),
        (
            '[sources.channel]\nplatform = "youtube"\nchannel_id = "y"\ntoken_expire = 2027-01-20\n',
            "sources.channel: token_expire: unknown key; is “token_expires” meant?",
        ),
    ],
)
def test_an_unknown_key_is_answered_with_the_one_that_was_meant(home: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(home, text))
    assert str(caught.value).endswith(said)


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ('[smtp]\npassword = "hunter2secret"\n', "ACTO_SMTP_PASSWORD"),
        ('[smtp]\nhost = "mail.example"\nPass = "hunter2secret"\n', "ACTO_SMTP_PASSWORD"),
        ('[watchdog]\nping_url = "https://hunter2secret.example"\n', "ACTO_PING_URL"),
        ('[encryption]\nkey = "hunter2secret"\n', "ACTO_KEY"),
        ('[encryption]\nACTO_KEY = "hunter2secret"\n', "ACTO_KEY"),
        ('[encryption]\npassphrase = "hunter2secret"\n', "ACTO_KEY"),
        ('[sources.page]\nplatform = "facebook"\npage_id = "1"\ntoken = "hunter2secret"\n', "ACTO_FACEBOOK_TOKEN"),
        (
            '[sources.channel]\nplatform = "youtube"\nchannel_id = "x"\napi_key = "hunter2secret"\n',
            "ACTO_YOUTUBE_API_KEY",
        ),
    ],
)
def test_where_a_secret_belongs_is_said(home: Path, text: str, variable: str) -> None:
    with pytest.raises(ConfigError, match=f"set {variable} in the environment, or {variable}_FILE to a file") as caught:
        load_config(write(home, text))
    assert "hunter2secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[watchdog]\npings = "of"\n', "watchdog.pings: must be true or false, without quotes"),
        ('[sources]\nplatform = "x"\n', "sources.platform: each source has a section of its own: write [sources.NAME]"),
        ("sources = 1\n", "sources: each source has a section of its own: write [sources.NAME]"),
        ('smtp = "mail.example"\n', "smtp: must be a section: write [smtp] above its keys"),
        ('[report]\nlevels = "redacted"\n', "report.levels: must be a table"),
        ('[sources."my page"]\nplatform = "x"\n', "sources.my page: a name can have letters, digits"),
        ('[sources.page]\nurl = "x"\n', "sources.page.platform: is missing"),
        ("[smtp]\nhost = 5\n", "smtp.host: must be text, in quotes"),
        ('[smtp]\nhost = "a"\nport = true\n', "smtp.port: must be a whole number, without quotes"),
        ('[smtp]\nhost = "a"\nport = "x"\n', "smtp.port: must be a whole number, without quotes"),
        ('[smtp]\nhost = "a"\nport = 0\n', "smtp.port: must be 1 or more"),
        ('[smtp]\nhost = "a"\nsecurity = "ssl"\n', "smtp.security: must be 'starttls', 'tls' or 'none'"),
        ("[audit]\na_night = 500\n", "audit.a_night: must be 100 or less"),
        ("[audit]\na_night = true\n", "audit.a_night: must be a whole number"),
        ("[backup]\nkeep = true\n", "backup.keep: must be a whole number, without quotes"),
        ('[sources.page]\nplatform = "hunter2secret"\n', "sources.page: platform: it can be facebook, "),
        ("[retention]\nclosed = 1.5\n", "retention.closed: must be a whole number"),
        ('[report]\nto = "a@b.example"\n', "report.to: must be a list"),
        ("[report]\nto = []\n", "report.to: must name at least 1"),
        ('[report]\nto = ["nobody"]\n', "report.to.0: no mail can go to this address: write it like"),
        ('[review]\norigin = "x"\n', "review.origin: must be an address that begins with https://"),
        ('[review]\nlisten = "x"\n', "review.listen: must be the address of this machine"),
        ("[people]\nroster = 1\n", "people.roster: must be the path of a file"),
        ('[privacy]\nrecorded_on = "soon"\nrecorded_by = "Jane Doe"\n', "privacy.recorded_on: must be a day, like"),
        ('[privacy]\nrecorded_on = 86400\nrecorded_by = "Jane Doe"\n', "privacy.recorded_on: must be a day, like"),
        ('[privacy]\nrecorded_on = 2026-01-05\nrecorded_by = "J"\n', "privacy.recorded_by: must have at least 3"),
    ],
)
def test_what_is_mistyped_is_said_in_plain_words(home: Path, text: str, said: str) -> None:
    """A volunteer knows nothing of dictionaries, instances and patterns."""
    with pytest.raises(ConfigError) as caught:
        load_config(write(home, text))
    assert f"acto.toml: {said}" in str(caught.value)
    assert "hunter2secret" not in str(caught.value), "it may be a secret in the wrong place"


def test_papers_cannot_be_agreed_on_a_day_to_come(home: Path) -> None:
    papers = '[privacy]\nrecorded_on = {}\nrecorded_by = "Jane Doe, trustee"\n'
    assert load_config(write(home, papers.format(today()))).privacy.recorded_on == today()
    with pytest.raises(ConfigError, match=r"privacy\.recorded_on: is a day to come"):
        load_config(write(home, papers.format(today() + timedelta(days=1))))


@pytest.mark.parametrize("value", ['["1234"]', "true", "1.23e24", "2026-01-05", '{ id = "1234" }'])
def test_a_key_of_a_source_that_is_no_text_is_refused(home: Path, value: str) -> None:
    """It would be asked for as "['1234']", and the platform would say that there is no such page."""
    with pytest.raises(ConfigError, match=r"sources\.page: page_id must be text, in quotes, or a whole number"):
        load_config(write(home, f'[sources.page]\nplatform = "facebook"\npage_id = {value}\n'))


def test_an_id_needs_no_quotes(home: Path) -> None:
    config = load_config(write(home, '[sources.page]\nplatform = "facebook"\npage_id = 104882613795120\n'))
    assert config.source("page", {}).keys == {"page_id": "104882613795120"}


X = '[sources.us]\nplatform = "x"\nuser_id = 1\nusername = "acto_org"\n'
FEED = '[sources.us]\nplatform = "feed"\nurl = "https://acto.example/feed.xml"\n'


@pytest.mark.parametrize("value", ["0", "-5", "true", "1.5", '"many"', '""', "[5]"])
def test_a_ceiling_is_a_whole_number_above_zero(home: Path, value: str) -> None:
    with pytest.raises(ConfigError, match=r"sources\.us: reads_a_night must be .*a whole number"):
        load_config(write(home, f"{X}reads_a_night = {value}\n"))


@pytest.mark.parametrize("value", ["1000", '"1000"'])
def test_a_ceiling_may_stand_in_quotes(home: Path, value: str) -> None:
    assert load_config(write(home, f"{X}reads_a_night = {value}\n")).source("us", {}).keys["reads_a_night"] == "1000"


def test_ours_is_true_or_false(home: Path) -> None:
    assert load_config(write(home, f"{FEED}ours = true\n")).source("us", {}).keys["ours"] == "True"
    for value in ("1", '"yes"', "[true]"):
        with pytest.raises(ConfigError, match=r"sources\.us: ours must be true or false"):
            load_config(write(home, f"{FEED}ours = {value}\n"))


def test_a_missing_file_says_what_to_try(home: Path) -> None:
    with pytest.raises(ConfigError, match="acto demo"):
        load_config(home)


def test_a_home_that_may_not_be_read_is_a_sentence_and_no_empty_configuration(home: Path) -> None:
    """A service under the wrong user would end in a traceback, or judge as if nothing were configured."""
    write(home, WHOLE)
    home.chmod(0)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)
        with pytest.raises(ConfigError, match=r"acto\.toml cannot be read: Permission denied"):
            config_or_default(home)
    finally:
        os.seteuid(user)
        home.chmod(0o700)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k3y\n", encoding="utf-8")
    assert read_secret("ACTO_X_BEARER_TOKEN", {"ACTO_X_BEARER_TOKEN_FILE": str(tmp_path / "key")}) == "k3y"
    with pytest.raises(ConfigError, match="ACTO_X_BEARER_TOKEN_FILE"):
        read_secret("ACTO_X_BEARER_TOKEN", {"ACTO_X_BEARER_TOKEN_FILE": str(tmp_path / "none")})


def test_the_sender_is_never_empty(home: Path) -> None:
    assert Config(home=home).sender == "chair@acto-org.uk"


def test_addresses_are_those_that_a_mail_can_carry(home: Path) -> None:
    """One that no header can hold kept the report from every reader, on every night."""
    text = (
        '[report]\nto = ["chair@müller.example"]\n[smtp]\nhost = "mail.example"\nusername = "monitor@müller.example"\n'
    )
    config = load_config(write(home, text))
    frozen = freeze_message(
        "run", config.report.to[0], sender=config.sender, subject="s", plain="p", html="h", at=datetime.now(UTC)
    )
    assert frozen.recipient == "chair@xn--mller-kva.example"
    assert b"From: ACTO monitor <monitor@xn--mller-kva.example>" in frozen.body
    assert config.smtp and config.smtp.username == "monitor@müller.example", "the log-in stays as it was given"


def test_a_user_name_that_is_no_address_does_where_a_sender_is_given(home: Path) -> None:
    """Some servers want ORGANISATION\\name@domain for the log-in."""
    text = '[report]\nsender = "monitor@acto.example"\n[smtp]\nhost = "mail.example"\nusername = "ACTO\\\\m@acto.example"\n'
    assert load_config(write(home, text)).sender == "monitor@acto.example"


def test_one_handle_of_actos_leaves_the_others_as_they_are(home: Path) -> None:
    """ACTO's own replies would be judged as a stranger's."""
    (home / "acto.toml").write_text('[official]\nfacebook = "ACTO.uk"\n', encoding="utf-8")
    official = load_config(home).official
    assert (official["facebook"], official["youtube"]) == ("ACTO.uk", "ACTOvideo")


@pytest.mark.parametrize("value", ["", " ", "@"])
def test_an_empty_handle_of_actos_is_refused(home: Path, value: str) -> None:
    """All that ACTO writes there would be judged as a stranger's."""
    with pytest.raises(ConfigError, match="official: facebook is empty"):
        load_config(write(home, f'[official]\nfacebook = "{value}"\n'))


def test_a_handle_of_actos_may_have_its_at_sign(home: Path) -> None:
    assert load_config(write(home, '[official]\nx = "@acto_org"\n')).official["x"] == "acto_org"


def test_the_handle_of_feeds_cannot_be_another(home: Path) -> None:
    """With one that the connector does not write, ACTO's own blog would be judged as a stranger's, and nobody told."""
    with pytest.raises(ConfigError, match=r'official: feed can only be "ACTO": leave it out, and say ours = true'):
        load_config(write(home, '[official]\nfeed = "ACTO UK"\n'))
    assert load_config(write(home, f'[official]\nfeed = "{OUR_HANDLE}"\n')).official["feed"] == OUR_HANDLE


def test_an_address_that_is_given_twice_gets_one_mail(home: Path) -> None:
    (home / "acto.toml").write_text('[report]\nto = ["a@x.example", "a@x.example"]\n', encoding="utf-8")
    assert load_config(home).report.to == ["a@x.example"]
