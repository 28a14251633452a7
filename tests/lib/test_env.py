from pathlib import Path

import pytest

from tamizdat.lib.env import BadSetting, Env
from tamizdat.lib.languages import language_name


def env(file=None, environ=None, home=Path("/newsroom")):
    return Env(file=file or {}, environ=environ or {}, home=home)


def test_the_environment_wins_over_the_file():
    settings = env(
        {"site": {"address": "https://a.example"}}, {"TAMIZDAT_SITE_ADDRESS": "https://b.example"}
    )

    assert settings.address("site.address", default="") == "https://b.example"


@pytest.mark.parametrize(
    ("read", "value", "says"),
    [
        (lambda e: e.flag("x.y", default=True), "yes", "x.y must be on or off, not 'yes'"),
        (lambda e: e.integer("x.y", default=1), "many", "x.y must be a whole number"),
        (lambda e: e.integer("x.y", default=1), -4, "x.y must be a whole number from 1 up"),
        (lambda e: e.timezone("x.y", default=""), "Mars/Base", "such as Europe/Riga, not 'Mars/"),
        (lambda e: e.text("x.y"), 7, "x.y must be text in quotes"),
        (lambda e: e.words("x.y", default=["a"]), [], "x.y must be a list"),
        (lambda e: e.words("x.y", default=[]), [1], "x.y must be a list"),
        (lambda e: e.table("x.y"), "LV80BANK0000435195001", "x.y must be a table"),
        (lambda e: e.choice("x.y", of=("a", "b"), default="a"), "c", "x.y must be one of a, b"),
        (lambda e: e.address("x.y", default=""), "example.org", "x.y must look like https"),
        (lambda e: e.address("x.y", default=""), "https://example.org/path", "x.y must look like"),
        (lambda e: e.address("x.y", default=""), "http://a.example:x", "x.y has a host or a port"),
        (lambda e: e.database("x.y", sqlite=Path("db")), "mysql://db", "x.y must be empty"),
        (lambda e: e.database("x.y", sqlite=Path("db")), "postgresql://[db/", "x.y has a host"),
    ],
)
def test_a_bad_value_is_refused_by_name(read, value, says):
    with pytest.raises(BadSetting, match=says):
        read(env({"x": {"y": value}}))


def test_a_missing_value_says_both_places_where_it_can_be_set():
    with pytest.raises(BadSetting, match=r"Set x\.y in tamizdat\.toml, or TAMIZDAT_X_Y"):
        env().text("x.y")


def test_a_misspelt_name_is_refused_with_the_nearest_one():
    settings = env({"site": {"adress": "https://a.example"}})
    settings.address("site.address", default="")

    with pytest.raises(
        BadSetting, match=r"site\.adress, which is no setting\. Did you mean site\.address"
    ):
        settings.refuse_unknown()


def test_a_secret_comes_from_a_file_in_the_newsroom(tmp_path):
    (tmp_path / "vault.key").write_text("s3cret\n")
    settings = env({"keys": {"vault_file": "vault.key"}}, home=tmp_path)

    assert settings.secret("keys.vault") == "s3cret"


def test_a_secret_that_cannot_be_read_is_named_without_being_printed(tmp_path):
    with pytest.raises(BadSetting, match=r"keys\.vault_file: cannot read .*nowhere \(No such file"):
        env({"keys": {"vault_file": "nowhere"}}, home=tmp_path).secret("keys.vault")


def test_a_secret_nobody_set_says_how_to_set_it():
    with pytest.raises(
        BadSetting, match=r"Set keys\.vault_file, or the variable TAMIZDAT_KEYS_VAULT"
    ):
        env().secret("keys.vault")


def test_postgresql_is_one_address():
    database = env({"d": "postgresql://ana:p%40ss@db.example:5433/paper?sslmode=require"}).database(
        "d", sqlite=Path("db")
    )

    assert database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "paper",
        "USER": "ana",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def test_a_folder_without_settings_says_how_to_make_a_newsroom(tmp_path):
    with pytest.raises(BadSetting, match="tamizdat init DIR"):
        Env.load(tmp_path)


def test_settings_that_are_no_toml_are_refused_with_the_line(tmp_path):
    (tmp_path / "tamizdat.toml").write_text("[site\naddress = 1")

    with pytest.raises(BadSetting, match=r"tamizdat\.toml is not TOML: .*line 1"):
        Env.load(tmp_path)


@pytest.mark.parametrize(("code", "name"), [("ru", "Русский"), ("fa", "فارسی"), ("en", "English")])
def test_a_language_calls_itself_by_its_own_name(code, name):
    assert language_name(code) == name


def test_a_language_nobody_speaks_is_refused():
    with pytest.raises(BadSetting, match=r"outlet\.languages: 'xx-nowhere'"):
        language_name("xx-nowhere")


def test_a_table_is_read_from_the_file_and_the_environment():
    settings = env(
        {"transfer": {"iban": {"EUR": "a", "USD": "b"}}}, {"TAMIZDAT_TRANSFER_IBAN_USD": "c"}
    )

    assert settings.table("transfer.iban") == {"EUR": "a", "USD": "c"}
    assert settings.table("transfer.bic") == {}
    settings.refuse_unknown()
