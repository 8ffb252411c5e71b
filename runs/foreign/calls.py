"""Calls: of numpy's functions, of methods of arrays, of `math`, of builtins."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from primitives import syntax
from primitives.parser import BUILTINS
from runs.foreign import advice, names

if TYPE_CHECKING:
    from runs.foreign.expressions import Expressions

_LEAST: Final = {
    **dict.fromkeys(("full", "full_like", "maximum", "minimum"), 2),
    **dict.fromkeys(
        ("zeros", "ones", "empty", "zeros_like", "ones_like", "empty_like", "floor", "ceil", "bincount"), 1
    ),
}
"""How many arguments the functions must be given whose arguments are looked at one by one."""

_AXES: Final = {"0": 0, "1": 1, "-1": -1}
_CASTS: Final = {"u1": "int", "i4": "int", "i8": "int", "f4": "float", "f8": "float"}


def converted(all_of: Expressions, node: ast.Call) -> ast.expr:
    """A call in the language; the call itself, its arguments converted, if it has no counterpart."""
    call = _Call(all_of, node)
    found = call.convert()
    if found is not None:
        return found
    node.args = [all_of.expression(each) for each in node.args]
    for word in node.keywords:
        word.value = all_of.expression(word.value)
    if isinstance(node.func, ast.Attribute) and not call.full.startswith(("np.", "math.")):
        node.func.value = all_of.expression(node.func.value)
    return node


class _Call:
    """One call."""

    def __init__(self, all_of: Expressions, node: ast.Call):
        from runs.foreign import expressions

        self.all, self.node = all_of, node
        self.fill = expressions.filled
        self.products = expressions.PRODUCTS
        self.full = names.called(node, all_of.aliases)
        self.words = {each.arg: each.value for each in node.keywords if each.arg is not None}
        self.args = list(node.args)

    def convert(self) -> ast.expr | None:
        """The call in the language; None if nothing is to be done, or nothing can be."""
        full, func = self.full, self.node.func
        owner = full.partition(".")[0]
        if full.startswith(("np.random.", "random.")) or owner in self.all.generators:
            return self._random(full.rpartition(".")[2])
        if full.startswith("np."):
            return self._numpy(full[3:])
        if full.startswith("math."):
            text = names.SCALAR_MATHS.get(full[5:])
            if text is None:
                self.all.unknown(self.node, full)
                return None
            return self._filled(text)
        if isinstance(func, ast.Attribute):
            return self._method(func)
        if isinstance(func, ast.Name):
            return self._builtin(func.id)
        return None

    def _filled(self, text: str) -> ast.expr:
        given = {name: self.all.expression(each) for name, each in zip("ABC", self.args, strict=False)}
        return self.fill(text, **given)

    def _numpy(self, name: str) -> ast.expr | None:
        given = len(self.args) + ("fill_value" in self.words) + ("shape" in self.words)
        if given < _LEAST.get(name, 0):
            self.all.findings.left(self.node, f"np.{name} with arguments by name", "give the arguments in order")
            return None
        if name in ("zeros", "empty", "ones", "full"):
            return self._new(name)
        if name.endswith("_like"):
            return self._like(name)
        if name in ("array", "asarray", "ascontiguousarray"):
            return self._array()
        if name in names.DTYPES and len(self.args) == 1:
            return self._cast(name)
        if name in ("dot", "matmul", "inner", "vdot") and len(self.args) == 2:
            return self._product()
        if name == "arange" and len(self.args) == 1:
            return self._filled("cumsum(full(A, 1, i8)) - 1")
        if name == "bincount":
            return self._bincount()
        if name in ("bitwise_xor.reduce", "logical_xor.reduce"):
            self.all.findings.left(self.node, self.full, "a loop with `^=`; for bits 0 and 1 also `sum(a) % 2`")
            return None
        if name == "linalg.norm" and len(self.args) == 1 and self.all.rank(self.args[0]) == 1:
            return self._filled("sqrt(dot(A, A))")
        return self._common(name)

    def _common(self, name: str) -> ast.expr | None:
        """What numpy has as a function and as a method; the array is the first argument."""
        special = {"where": self._where, "maximum": self._extreme, "minimum": self._extreme}
        if name in special:
            return special[name](name)
        if name in ("floor", "ceil"):
            scalar = self.all.rank(self.args[0]) == 0
            return self._filled(f"float({name}(A))" if scalar else f"astype({name}(A), f8)")
        if name in names.REDUCTIONS and self.args:
            return self._reduction(name)
        text = names.ELEMENTWISE.get(name) or names.OTHERS.get(name)
        unused = set(self.words) - {"kind"}
        if (
            text
            and self.args
            and not unused
            and max("ABC".index(each) for each in "ABC" if each in text) < len(self.args)
        ):
            scalars = {"logical_and": "A and B", "logical_or": "A or B", "logical_not": "not A"}
            if name in scalars and all(self.all.rank(each) == 0 for each in self.args):
                text = scalars[name]
            self._broadcast()
            return self._filled(text)
        if unused and text:
            self.all.findings.left(self.node, f"{name} with {', '.join(sorted(unused))}=", "a loop, or the plain form")
            return None
        self.all.unknown(self.node, f"np.{name}")
        return None

    def _broadcast(self) -> None:
        ranks = {self.all.rank(each) for each in self.args} - {0, None}
        if len(ranks) > 1:
            self.all.findings.left(self.node, *advice.BROADCAST)

    def _reduction(self, name: str) -> ast.expr | None:
        axis = self.words.get("axis") or (self.args[1] if len(self.args) > 1 else None)
        self.args = self.args[:1]
        if axis is None or (isinstance(axis, ast.Constant) and axis.value is None):
            rank = self.all.rank(self.args[0])
            if name.startswith("arg") and rank == 2:
                self.all.findings.left(self.node, f"{name} of a matrix", "two loops that keep the best row and column")
                return None
            return self._filled(names.REDUCTIONS[name])
        rank = self.all.rank(self.args[0])
        number = _AXES.get(ast.unparse(axis))
        if rank == 1 and number in (0, -1):
            return self._filled(names.REDUCTIONS[name])
        given = self.all.named(self.args[0]) if name in ("sum", "mean") and rank == 2 else None
        if given is None or number not in (0, 1, -1):
            self.all.findings.left(self.node, *advice.AXIS)
            return None
        text = "vecmat(full(len(A), 1, number_dtype_of(A)), A)"
        if number != 0:
            text = "matvec(A, full(A.shape[1], 1, number_dtype_of(A)))"
        length = "len(A)" if number == 0 else "A.shape[1]"
        return self.fill(text if name == "sum" else f"{text} / {length}", A=given)

    def _dtype(self, default: ast.expr | None, place: int) -> ast.expr | None:
        """The element type that a call names, as it is called in the language."""
        given = self.words.get("dtype") or (self.args[place] if len(self.args) > place else None)
        if given is None:
            return default
        return self._element_type(given)

    def _element_type(self, given: ast.expr) -> ast.expr:
        kind = names.dtype_of(given, self.all.aliases)
        if kind is not None:
            self.all.narrow(given, kind)
            return ast.copy_location(ast.Name(kind[0]), given)
        if isinstance(given, ast.Attribute) and given.attr == "dtype":
            return self.fill("dtype_of(A)", A=self.all.expression(given.value))
        self.all.findings.left(given, f"an element type {ast.unparse(given)}", "one of u1, i4, i8, f4, f8")
        return given

    def _shape(self, shape: ast.expr) -> ast.expr:
        """A shape: a length or a pair."""
        if isinstance(shape, ast.Tuple | ast.List) and len(shape.elts) == 1:
            return self.all.expression(shape.elts[0])
        if isinstance(shape, ast.Tuple | ast.List):
            if len(shape.elts) > 2:
                self.all.findings.left(shape, "an array of more than two axes", "a matrix, with i * n + j as an index")
            return ast.Tuple([self.all.expression(each) for each in shape.elts], ast.Load())
        if isinstance(shape, ast.Attribute) and shape.attr == "shape":
            return self._shape_of(shape.value)
        return self.all.expression(shape)

    def _shape_of(self, array: ast.expr) -> ast.expr:
        rank, array = self.all.rank(array), self.all.expression(array)
        return self.fill("(len(A), A.shape[1])" if rank == 2 else "len(A)", A=array)

    def _new(self, name: str) -> ast.expr | None:
        if not self.args and "shape" in self.words:
            self.args = [self.words["shape"]]
        if not self.args:
            return None
        given = self._dtype(None, 2 if name == "full" else 1)
        shape = self._shape(self.args[0])
        words = [] if given is None else [given]
        if name in ("zeros", "empty"):
            return self.fill("zeros(A)", A=shape) if not words else self.fill("zeros(A, B)", A=shape, B=words[0])
        value = ast.Constant(1) if name == "ones" else self.words.get("fill_value") or self.args[1]
        if not words and name == "full":
            literal = isinstance(syntax.literal(value), int)
            words = [ast.Name("i8" if literal else "f8")]
            if not isinstance(value, ast.Constant | ast.UnaryOp):
                self.all.findings.differs(
                    self.node, "np.full without a dtype", "elements of f8; name another if it holds ints"
                )
        value = self.all.expression(value) if name == "full" else value
        return self.fill("full(A, B, C)", A=shape, B=value, C=words[0] if words else ast.Name("f8"))

    def _like(self, name: str) -> ast.expr:
        model = self.args[0]
        given = self._dtype(None, 9) or self.fill("dtype_of(A)", A=self.all.expression(model))
        shape = self._shape_of(model)
        if name in ("zeros_like", "empty_like"):
            return self.fill("zeros(A, B)", A=shape, B=given)
        filling = self.words.get("fill_value") or self.args[-1]
        value = ast.Constant(1) if name == "ones_like" else self.all.expression(filling)
        return self.fill("full(A, B, C)", A=shape, B=value, C=given)

    def _array(self) -> ast.expr | None:
        first = self.args[0] if self.args else None
        given = self._dtype(None, 1)
        if (
            isinstance(first, ast.List | ast.Tuple)
            and first.elts
            and not isinstance(first.elts[0], ast.List | ast.Tuple)
        ):
            scalars = ast.List([self.all.expression(each) for each in first.elts], ast.Load())
            return self.fill("array(A)", A=scalars) if given is None else self.fill("array(A, B)", A=scalars, B=given)
        if first is not None and (self.all.rank(first) or 0) > 0:
            value = self.all.expression(first)
            if given is not None:
                return self.fill("astype(A, B)", A=value, B=given)
            return self.fill("copy(A)", A=value) if self.full == "np.array" else value
        self.all.findings.left(
            self.node, f"{self.full} of this", "zeros(shape, dtype), then assign the elements one by one"
        )
        return None

    def _cast(self, name: str) -> ast.expr:
        kind = names.DTYPES[name]
        if self.all.rank(self.args[0]):
            return self.fill("astype(A, B)", A=self.all.expression(self.args[0]), B=ast.Name(kind))
        cast = "bool" if name.startswith("bool") else _CASTS[kind]
        if name not in ("int64", "intp", "int_", "float64", "double", "bool_", "bool"):
            self.all.findings.differs(
                self.node, f"np.{name}(...) of a number", f"{cast}(...): numbers have 64 bits and don't wrap"
            )
        return self._filled(f"{cast}(A)")

    def _product(self) -> ast.expr | None:
        text = self.products.get((self.all.rank(self.args[0]), self.all.rank(self.args[-1])))
        if len(self.args) != 2:
            text = None
        if text is None:
            self.all.findings.left(
                self.node, "a product of arrays whose rank the text does not tell", "dot, matvec, vecmat or matmul"
            )
            return None
        return self._filled(text)

    def _bincount(self) -> ast.expr | None:
        if "minlength" not in self.words or "weights" in self.words:
            self.all.findings.left(
                self.node,
                "np.bincount without minlength, or with weights",
                "bincount(a, size), or a loop: counts[a[i]] += w[i]",
            )
            return None
        self.args = [self.args[0], self.words["minlength"]]
        return self._filled("bincount(A, B)")

    def _where(self, name: str) -> ast.expr | None:
        if len(self.args) != 3:
            self.all.findings.left(self.node, "np.where with one argument", advice.NUMPY["nonzero"])
            return None
        if self.all.rank(self.args[0]) == 0:
            return self._filled("B if A else C")
        mask = self.all.named(self.args[0])
        if mask is None:
            self.all.findings.left(self.node, "np.where of an expression", "give the condition a name first")
            return None
        one, other = (self.all.expression(each) for each in self.args[1:])
        return self.fill("(A != 0) * B + (A == 0) * C", A=mask, B=one, C=other)

    def _extreme(self, name: str) -> ast.expr | None:
        one, other = self.args[:2]
        ranks = [self.all.rank(each) for each in (one, other)]
        if ranks == [0, 0]:
            return self._filled(f"{name[:3]}(A, B)")
        if isinstance(one, ast.Constant):
            one, other = other, one
        zero = isinstance(other, ast.Constant) and other.value == 0
        given = self.all.named(one) if zero and name == "maximum" else None
        if given is not None:
            return self.fill("A * (A > 0)", A=given)
        self.all.findings.left(self.node, f"np.{name} of arrays", "a loop with max(x, y) or min(x, y); clip(a, lo, hi)")
        return None

    def _method(self, func: ast.Attribute) -> ast.expr | None:
        name, rank = func.attr, self.all.rank(func.value)
        if name == "count" and ast.unparse(func.value).startswith("bin(") and isinstance(func.value, ast.Call):
            return self.fill("popcount(A)", A=self.all.expression(func.value.args[0]))
        if name == "bit_count":
            return self.fill("popcount(A)", A=self.all.expression(func.value))
        if name == "bit_length":
            return self.fill("bit_length(A)", A=self.all.expression(func.value))
        if name == "item" and not self.args:
            return self.all.expression(func.value)
        if name == "astype" and self.args:
            kind = self._element_type(self.args[0])
            value = self.all.expression(func.value)
            if rank == 0:
                cast = _CASTS.get(ast.unparse(kind), "int")
                return self.fill(f"{cast}(A)", A=value)
            return self.fill("astype(A, B)", A=value, B=kind)
        if name == "fill" and self.args:
            return self.fill("fill(A, B)", A=self.all.expression(func.value), B=self.all.expression(self.args[0]))
        if name == "sort" and not self.args:
            return self.fill("assign(A, sort(A))", A=self.all.expression(func.value))
        if name == "dot":
            self.args = [func.value, *self.args]
            return self._product()
        known = name in names.REDUCTIONS or names.ELEMENTWISE.get(name) or name in ("argsort", "cumsum", "copy", "take")
        if known and (rank or name in ("sum", "mean", "argmax", "argmin", "any", "all", "copy", "max", "min")):
            self.args = [func.value, *self.args]
            return self._common(name)
        told = advice.METHODS.get(name, "write it out; `evolve primitives` lists what there is")
        self.all.findings.left(self.node, f"the method {name}", told)
        return None

    def _builtin(self, name: str) -> ast.expr | None:
        if name in self.all.ranks.functions or name in self.all.ranks.aliases:
            full = self.all.ranks.aliases.get(name)
            if full is not None and not full.startswith("primitives."):
                self.all.unknown(self.node, full)
            return None
        if len(self.args) == 1 and self.all.rank(self.args[0]) not in (0, None):
            texts = {"sum": "sum(A)", "max": "amax(A)", "min": "amin(A)", "sorted": "sort(A)", "abs": "abs(A)"}
            texts |= {"any": "count_nonzero(A) > 0", "all": "count_nonzero(A == 0) == 0"}
            if name in texts:
                return self._filled(texts[name])
        if name == "int" and len(self.args) == 1 and isinstance(self.args[0], ast.Call):
            inner = names.called(self.args[0], self.all.aliases)
            if inner in ("np.floor", "np.ceil", "math.floor", "math.ceil"):
                self.args = self.args[0].args
                return self._filled(f"{inner.rpartition('.')[2]}(A)")
        if name == "pow" and len(self.args) == 2:
            return self._filled("A ** B")
        if name == "divmod" and len(self.args) == 2:
            return self._filled("(A // B, A % B)")
        if name == "round" and len(self.args) == 1:
            self.all.findings.differs(self.node, "round", "floor(x + 0.5): halves go up, not to the even")
            return self._filled("floor(A + 0.5)")
        if name not in BUILTINS and name in advice.BUILTINS:
            self.all.findings.left(self.node, f"{name}()", advice.BUILTINS[name])
        return None

    def _random(self, name: str) -> ast.expr | None:
        if name in ("default_rng", "RandomState", "Random"):
            return self._filled("seed(A)") if self.args else None
        sized = "size" in self.words or (name in ("random", "rand", "standard_normal", "randn") and self.args)
        sized = sized or (name in ("integers", "randint", "uniform", "normal") and len(self.args) > 2)
        text = names.RANDOM.get(name)
        if text is None or sized:
            told = advice.SIZE if sized else (f"{self.full}", advice.LIBRARY["random"])
            self.all.findings.left(self.node, *told)
            return None
        if name in ("uniform", "normal", "gauss") and self.args:
            text = "A + (B - A) * random()" if name == "uniform" else "A + B * normal()"
        if text.startswith("randint") and len(self.args) == 1:
            self.args.insert(0, ast.Constant(0))
        if self.full == "random.randint":  # of the standard library: both ends
            text = "randint(A, B + 1)"
        self.all.findings.differs(self.node, self.full, "the language's own stream of random numbers: other draws")
        return self._filled(text)
