"""Models are what a person's file says of their names, else what can be assumed; mistakes are named by their place."""

import re
from typing import get_args

import pytest

from evolve.chat import Model
from evolve.chat.call import Outcome
from evolve.chat.models_file import model, models_in, prices
from evolve.settings.errors import SettingsError
from tests.evolve.chat.serving import ROOT

LOCAL = "http://localhost:11434/v1"
FILE = f"""
["coder-2.5"]
endpoint = "{LOCAL}"
input_price = 0
output_price = 0

["big"]
key_variable = "BIG_KEY"
input_price = 1.5
output_price = 6

["bare"]
"""


@pytest.fixture
def written(tmp_path):
    def written(text):
        path = tmp_path / "models.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def mistakes(path):
    with pytest.raises(SettingsError) as caught:
        models_in(path)
    return [each.removeprefix(str(path)) for each in caught.value.mistakes]


def test_a_model_is_what_the_file_says_of_it(written):
    file = written(FILE)
    assert model("coder-2.5", file=file) == Model("coder-2.5", LOCAL, "OPENAI_API_KEY", 0, 0)
    assert model("big", file=file) == Model("big", None, "BIG_KEY", 1.5, 6)
    assert model("bare", file=file) == Model("bare")


def test_a_model_that_is_in_no_file_has_unknown_prices():
    assert model("any") == Model("any", None, "OPENAI_API_KEY", None, None)
    assert model("any", LOCAL) == Model("any", LOCAL, "OPENAI_API_KEY", None, None)
    assert model("any").cost(1, 1) is None


def test_prices_and_keys_of_one_endpoint_do_not_go_to_another(written):
    file = written(FILE)
    assert model("coder-2.5", LOCAL + "/", file).input_price == 0
    assert model("coder-2.5", "http://elsewhere.example/v1", file) == Model("coder-2.5", "http://elsewhere.example/v1")
    assert model("big", LOCAL, file).key_variable == "OPENAI_API_KEY"
    assert model("big", "https://api.openai.com/v1", file).key_variable == "BIG_KEY"


def test_the_environment_may_name_the_endpoint_of_models_that_have_none(written, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://gate.example/v1")
    file = written(FILE)
    assert model("big", file=file) == Model("big", "http://gate.example/v1", "BIG_KEY", 1.5, 6)
    assert model("coder-2.5", file=file).endpoint == LOCAL
    assert model("any").endpoint == "http://gate.example/v1"
    assert model("any", LOCAL).endpoint == LOCAL
    monkeypatch.setenv("OPENAI_BASE_URL", "gate.example")
    with pytest.raises(SettingsError, match=r"OPENAI_BASE_URL: .*gate\.example"):
        model("any")


def test_the_file_is_found_where_it_usually_is(written, tmp_path, monkeypatch):
    usual = tmp_path / ".config" / "evolve" / "models.toml"
    usual.parent.mkdir(parents=True)
    usual.write_text('["m"]\ninput_price = 1\n', encoding="utf-8")
    assert model("m").input_price == 1
    monkeypatch.setenv("EVOLVE_MODELS", str(written('["m"]\ninput_price = 2\n')))
    assert model("m").input_price == 2
    monkeypatch.setenv("EVOLVE_MODELS", str(tmp_path / "gone.toml"))
    with pytest.raises(SettingsError, match=r"can't read .*gone\.toml: No such file"):
        model("m")


def test_all_mistakes_are_named_with_line_and_model(written):
    file = written(
        'endpoint = "http://localhost/v1"\n["one"]\nendpiont = "http://localhost/v1"\ninput_price = -1\n'
        'output_price = "cheap"\n["two"]\nendpoint = "localhost:8000/v1"\ninput_price = true\noutput_price = inf\n'
        "[three.5]\ninput_price = 1\n"
    )
    assert mistakes(file) == [
        ', line 1: endpoint stands outside of tables; write ["NAME"] of the model above it',
        ', line 3, model "one": there is no endpiont; did you mean endpoint? there are endpoint, key_variable, '
        "input_price, output_price",
        ', line 4, model "one": input_price has to be a number of at least 0, not -1',
        ', line 5, model "one": output_price has to be a number of at least 0, not "cheap"',
        ', line 7, model "two": the endpoint "localhost:8000/v1" is no address; write one like '
        "http://localhost:8000/v1",
        ', line 8, model "two": input_price has to be a number of at least 0, not true',
        ', line 9, model "two": output_price has to be a number of at least 0, not inf',
        ', line 10, model "three": a name with a dot needs quotes, ["three.5"]',
    ]


@pytest.mark.parametrize(
    "line", ['key_variable = "sk-canary-123456"', 'api_key = "sk-canary-123456"', 'key = "sk-canary-123456"']
)
def test_a_key_in_the_file_is_refused_and_not_repeated(written, line):
    (mistake,) = mistakes(written(f'["m"]\n{line}\n'))
    assert "environment variable" in mistake
    assert "canary" not in mistake


def test_a_key_in_an_address_is_refused_and_not_repeated(written):
    for address in ("http://me:canary@h/v1", "http://h/v1?key=canary", "sk-canary-123456"):
        (mistake,) = mistakes(written(f'["m"]\nendpoint = "{address}"\n'))
        assert "canary" not in mistake


def test_what_is_no_toml_is_refused(written):
    with pytest.raises(SettingsError, match=r"models\.toml is not TOML: .*line 1"):
        models_in(written("= 3"))


def test_the_file_in_the_documentation_is_one(written):
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert models_in(written(example)).keys() == {"coder", "gpt-5-mini", "vendor/large-2.5"}
    prices = models_in(written(example.replace("# input", "input").replace("# output", "output")))
    assert all(each.cost(1, 1) is not None for each in prices.values())


def test_all_outcomes_are_in_the_documentation():
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z ]+)` \|", page, re.MULTILINE) == list(get_args(Outcome))


def test_a_name_is_needed():
    with pytest.raises(SettingsError, match="name of a model is empty"):
        model(" ")


def test_prices_are_told_in_words(written):
    file = written(FILE)
    assert prices(model("coder-2.5", file=file)) == "it is free"
    assert prices(model("big", file=file)) == "a million tokens cost $1.5 to read and $6 to write"
    assert prices(model("bare", file=file)) == "its prices are unknown"
