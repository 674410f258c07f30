"""acto.toml: what a volunteer gets wrong is said in one sentence that names the key, and no secret is echoed."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.feed import OUR_HANDLE
from flows.config import Config, ConfigError, config_or_default, load_config, read_secret
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
        ('[sources.page]\nplatform = "myspace"\n', "myspace"),
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


def test_the_handle_of_feeds_cannot_be_another(home: Path) -> None:
    """With one that the connector does not write, ACTO's own blog would be judged as a stranger's, and nobody told."""
    with pytest.raises(ConfigError, match=r'official: feed can only be "ACTO": leave it out, and say ours = true'):
        load_config(write(home, '[official]\nfeed = "ACTO UK"\n'))
    assert load_config(write(home, f'[official]\nfeed = "{OUR_HANDLE}"\n')).official["feed"] == OUR_HANDLE


def test_an_address_that_is_given_twice_gets_one_mail(home: Path) -> None:
    (home / "acto.toml").write_text('[report]\nto = ["a@x.example", "a@x.example"]\n', encoding="utf-8")
    assert load_config(home).report.to == ["a@x.example"]
