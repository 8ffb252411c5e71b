"""Proposals: programs that a language model, or a person in its place, makes of those of a search.

It holds the prompt (`prompt`, with the language `card` and the `requests`), what is read from a reply (`replies`), how
its edits are applied (`edits`), what is checked before a program is judged (`drafts`), and the two ends of a proposal:
`asking` and `answering`.

Beside a search a process (`process`, seen from the driver as its `companion`) asks models by a `plan`: the `proposer`
chooses whom by a `bandit`, within a `budget`. A `cassette` is played by `replaying` instead.

It may import `evolve.chat`, `evolve.engine`, `evolve.variation`, names of tasks from `evolve.settings`, and the
packages below `evolve`; not the command line. The engine does not import it: it knows that something goes on beside the
islands (`evolve.engine.beside`), and accepted proposals wait in the run (`runs.proposals`) until it takes them in.
"""
