"""A language model: where it answers, which variable holds its key, and what its tokens cost."""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be asked.

    Attributes:
        name: as its endpoint calls it.
        endpoint: the address of the API, up to `/v1`; None for OpenAI's.
        key_variable: the environment variable that holds the key. The key itself is nowhere else.
        input_price: dollars for a million tokens that are read; None if it is unknown.
        output_price: dollars for a million tokens that are written; None if it is unknown.
    """

    name: str
    endpoint: str | None = None
    key_variable: str = "OPENAI_API_KEY"
    input_price: float | None = None
    output_price: float | None = None

    def cost(self, read: int, written: int) -> float | None:
        """Dollars for so many tokens; None if a price is unknown."""
        if self.input_price is None or self.output_price is None:
            return None
        return (self.input_price * read + self.output_price * written) / MILLION
