"""Talking to language models through any endpoint that speaks the OpenAI protocol.

It holds what a model is and costs (`model`), and what a call of it gives (`call`). It knows nothing of programs, runs
or searches: `evolve.llm` writes prompts, reads replies, and decides which model is asked what.

It may import the packages below `evolve`, and nothing else of `evolve`.
"""

from evolve.chat.call import Completed, Message, Question, Usage
from evolve.chat.model import Model

__all__ = ["Completed", "Message", "Model", "Question", "Usage"]
