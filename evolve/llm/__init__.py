"""Proposals: programs that a language model, or a person in its place, makes of those of a search.

It holds the prompt (`prompt`, with the language `card` and the `requests`), what is read from a reply (`replies`), how
its edits are applied (`edits`), what is checked before a program is judged (`drafts`), and the two ends of a proposal:
`asking` and `answering`. Nothing here calls a model.

It may import `evolve.engine`, `evolve.variation`, and the packages below `evolve`; not the command line. The engine
does not import it: accepted proposals wait in the run (`runs.proposals`) until the search takes them in.
"""
