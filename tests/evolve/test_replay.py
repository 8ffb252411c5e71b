"""A cassette is played without a server, from a run or from files, and a deterministic search stays deterministic."""

from dataclasses import asdict

import pytest

from evolve.chat import Model
from evolve.engine import Silent, search
from evolve.engine.climbing import Ladder
from evolve.llm.budget import Budget
from evolve.llm.cassette import PERSON, CassetteError, cassette
from evolve.llm.plan import Plan
from evolve.llm.proposer import Proposer
from evolve.llm.replaying import Replay
from runs import create_run, open_run, reopen_run
from tests.evolve.llm.models import BETTER, COMPETENT, Asked, completed
from tests.evolve.searches import CONSTANT, SEEDS, TASK, Watcher, configured, population_of, searched

WRONG = f"```python\n{BETTER.replace('return 0, 1', 'return nobody, 1')}```"
SHORT = {"evaluations": 70, "epoch": 10, "population": 8}
"""Three turns and a half."""
OTHER = f"```python\n{BETTER.replace('row = 0', 'row = 1')}```"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A run with the replies of a model: one that was rejected, its repair, and one that is dominated."""
    directory = tmp_path_factory.mktemp("recorded") / "run"
    searched(directory, evaluations=60)
    ask = Asked(completed(WRONG), completed(COMPETENT), completed(f"```python\n{CONSTANT}```"))
    with open_run(directory) as run:
        plan = Plan((Model("a-model"),), Budget(10**6, "tokens"), parallel=1)
        proposer = Proposer(run, {TASK.name: TASK}, plan, ask, lambda _: None)
        for _ in range(3):
            proposer.step()
    return directory


@pytest.fixture(scope="module")
def whole(recorded, tmp_path_factory):
    """A deterministic search that played these replies from its start to its end, in one process."""
    directory = tmp_path_factory.mktemp("whole") / "run"
    replayed(directory, recorded)
    return directory


@pytest.fixture
def written(tmp_path):
    """A directory of replies that a person wrote."""
    folder = tmp_path / "cassette"
    (folder / "parity-6-2").mkdir(parents=True)
    (folder / "parity-8-2").mkdir()
    (folder / "01-idea.txt").write_text(WRONG)
    (folder / "02-repair.txt").write_text(COMPETENT)
    (folder / "parity-6-2" / "01-rewrite.md").write_text(OTHER)
    (folder / "parity-8-2" / "01-edit.md").write_text("of another rung")
    return folder


def replayed(directory, path, workers=0, watcher=None, seed=0, **settings):
    """A search that plays a cassette."""
    configuration = configured(**{**SHORT, "seed": seed} | settings)
    with create_run(directory, asdict(configuration)) as store:
        return gone_on(store, configuration, path, workers, watcher)


def gone_on(store, configuration, path, workers=0, watcher=None):
    replay = Replay(store.directory, {TASK.name: TASK}, cassette(path), configuration.seed, each_turn=1)
    return search([TASK], configuration, SEEDS, store, workers=workers, observer=watcher or Silent(), beside=replay)


def same(one, other):
    return population_of(one) == population_of(other) and proposed(one) == proposed(other)


def proposed(directory):
    """What was proposed, without what depends on the moment."""
    with open_run(directory) as run:
        return run.proposals(), [(each.request, each.entry, each.gain, each.turn) for each in run.calls()]


def test_the_replies_of_a_run_are_taken_one_a_turn_and_their_program_lives(whole):
    with open_run(whole) as run:
        calls, proposals = run.calls(), run.proposals()
        assert [(each.entry, each.outcome, each.model) for each in calls] == [
            *(("1", "replayed", "a-model"), ("2", "replayed", "a-model"), ("3", "replayed", "a-model"))
        ]
        assert [each.turn for each in calls] == [0, 1, 2]
        assert [each.outcome for each in proposals] == ["rejected", "accepted", "dominated"]
        assert (proposals[1].request, proposals[1].repairs) == ("repair", 1)
        assert run.individual(proposals[1].child).operator == "proposed repair"
        assert sum(each.tokens for each in calls) == 0


def test_a_deterministic_search_finds_the_same_again_with_any_number_of_workers(whole, recorded, tmp_path):
    replayed(tmp_path / "run", recorded, workers=2)
    assert same(tmp_path / "run", whole)


def test_a_search_that_is_broken_off_between_two_turns_finds_the_same(whole, recorded, tmp_path):
    configuration = configured(**SHORT | {"evaluations": 30})
    with create_run(tmp_path / "parts", asdict(configuration)) as store:
        gone_on(store, configuration, recorded)
        gone_on(store, configured(**SHORT), recorded)
    assert same(tmp_path / "parts", whole)


class Killed(Exception):
    pass


@pytest.mark.parametrize("moment", ["turn_over", "end_turn"])
def test_a_search_that_was_killed_around_its_proposals_finds_the_same(moment, whole, recorded, tmp_path, monkeypatch):
    configuration = configured(**SHORT)

    def dying(method):
        def run(*arguments, **more):
            done = method(*arguments, **more)
            with open_run(tmp_path / "parts") as run:
                if len(run.calls()) == 2:
                    raise Killed
            return done

        return run

    where = Replay if moment == "turn_over" else Ladder
    with (
        create_run(tmp_path / "parts", asdict(configuration)) as store,
        monkeypatch.context() as patch,
        pytest.raises(Killed),
    ):
        patch.setattr(where, moment, dying(getattr(where, moment)))
        gone_on(store, configuration, recorded)
    with reopen_run(tmp_path / "parts") as store:
        gone_on(store, configuration, recorded)
    assert same(tmp_path / "parts", whole)


def test_replaying_a_replay_meets_the_same_prompts_to_the_letter(recorded, tmp_path):
    replayed(tmp_path / "first", recorded)
    watcher = Watcher()
    replayed(tmp_path / "second", tmp_path / "first", watcher=watcher)
    assert any(
        "3 of them now to the prompt that they were given to, to the letter" in each for each in watcher.messages
    )
    assert population_of(tmp_path / "first") == population_of(tmp_path / "second")


def test_with_another_seed_replies_are_taken_in_order_and_what_is_not_used_is_said(written, tmp_path):
    watcher = Watcher()
    replayed(tmp_path / "run", written, watcher=watcher, seed=5)
    proposals, calls = proposed(tmp_path / "run")
    assert [each[:2] for each in calls] == [
        *(("idea", "01-idea.txt"), ("repair", "02-repair.txt"), ("rewrite", "parity-6-2/01-rewrite.md"))
    ]
    assert [each.outcome for each in proposals][:2] == ["rejected", "accepted"]
    assert any("not used: parity-8-2/01-edit.md" in each for each in watcher.messages)


def test_a_repair_of_what_is_not_broken_is_not_used(written, tmp_path):
    (written / "01-idea.txt").write_text(COMPETENT)
    watcher = Watcher()
    replayed(tmp_path / "run", written, watcher=watcher)
    _, calls = proposed(tmp_path / "run")
    assert [each[1] for each in calls] == ["01-idea.txt", "parity-6-2/01-rewrite.md"]
    assert any("not used: 02-repair.txt, parity-8-2/01-edit.md" in each for each in watcher.messages)


def test_a_cassette_knows_who_replied_to_what(recorded, written):
    first, second, _ = cassette(recorded)
    assert (first.model, first.reply, first.repairs, second.repairs) == ("a-model", WRONG, None, "1")
    assert first.prompt
    assert first.parents
    assert cassette(written)[0].model == PERSON
    assert [each.rung for each in cassette(written)] == [None, None, "parity-6-2", "parity-8-2"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("01.txt", b"x", "does not say what it replies to; call it like 01-edit.txt"),
        ("01-repair.txt", b"x", "a repair of the reply before it, and there is none"),
        ("01-edit.txt", b"\xff", "is not UTF-8"),
        (".hidden-edit.txt", b"x", "holds no replies"),
    ],
)
def test_a_cassette_that_can_t_be_read_says_why(name, text, message, tmp_path):
    (tmp_path / name).write_bytes(text)
    with pytest.raises(CassetteError, match=message):
        cassette(tmp_path)
    with pytest.raises(CassetteError, match="no run and no directory"):
        cassette(tmp_path / "nowhere")
