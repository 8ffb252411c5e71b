"""Talking to language models through any endpoint that speaks the OpenAI protocol.

It holds what a model is and costs (`model`), where people write that down (`models_file`), what a call of it gives
(`call`), and the client that asks (`client`). It knows nothing of programs, runs
or searches: `evolve.llm` writes prompts, reads replies, and decides which model is asked what.

It may import the packages below `evolve`, and of `evolve` what `evolve.settings` has to check settings. To import it
alone imports nothing heavy; the first call imports the client library.
"""

from evolve.chat.call import Completed, Message, Question, Usage
from evolve.chat.model import Model

__all__ = ["Completed", "Message", "Model", "Question", "Usage"]
