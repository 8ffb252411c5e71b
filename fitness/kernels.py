"""How the hot loops of this package are compiled: two decorators, and two operations that numba has no words for.

A kernel works on arrays and scalars that it is given, and allocates nothing. Its array indices are unsigned where speed
matters: numba checks a signed index for being negative. (It also makes a float of a signed and an unsigned operand.)
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

Integer = int | np.integer[Any]
Function = TypeVar("Function", bound=Callable[..., Any])

# Without `_nrt=False` the code counts references to its arrays at every call that was inlined: 3 to 5 times slower.
OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}


def kernel(function: Function) -> Function:
    """Compile a function that allocates nothing. Division by zero gives inf or nan."""
    compiled: Function = njit(**OPTIONS)(function)
    return compiled


def inlined(function: Function) -> Function:
    """Compile like `kernel`, and inline into every caller."""
    compiled: Function = njit(forceinline=True, **OPTIONS)(function)
    return compiled


def _popcount(typingctx: Any, word: Any) -> Any:
    """Number of set bits of a uint64, as a uint64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), codegen


def _add_to_earlier(typingctx: Any, counts: Any, group: Any, lane: Any, amount: Any) -> Any:
    """counts[group + k] += amount for k < lane, of 16, in one vector operation: of a loop LLVM makes 16 scalar ones.

    `counts` is an array of uint32, the others are uint64; a negative amount is in two's complement.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array, group, lane, amount = args
        count, vector = ir.IntType(32), ir.VectorType(ir.IntType(32), 16)
        undefined, lanes = ir.Constant(vector, ir.Undefined), ir.Constant(vector, list(range(16)))

        def splat(scalar: Any) -> Any:
            first = builder.insert_element(undefined, builder.trunc(scalar, count), ir.Constant(count, 0))
            return builder.shuffle_vector(first, undefined, ir.Constant(vector, [0] * 16))

        data = context.make_array(signature.args[0])(context, builder, array).data
        siblings = builder.bitcast(builder.gep(data, [group]), vector.as_pointer())
        old = builder.load(siblings, align=4)
        new = builder.add(old, splat(amount))
        builder.store(builder.select(builder.icmp_unsigned("<", lanes, splat(lane)), new, old), siblings, align=4)
        return context.get_dummy_value()

    return types.void(counts, types.uint64, types.uint64, types.uint64), codegen


popcount: Callable[..., np.uint64] = intrinsic(_popcount)
add_to_earlier: Callable[..., None] = intrinsic(_add_to_earlier)
