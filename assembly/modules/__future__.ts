// The module __future__ (CPython 3.13's Lib/__future__.py): which features there are, when they came and which compiler
// flag stands for each. A program that has a future statement imports it. It is written in Python, as there, and compiled
// when it is first imported.

import { CompileMode, PyCF_IGNORE_COOKIE } from "../generated/constants";
import { compileSource } from "../imports/compiling";
import { evalCode } from "../imports/evaluate";
import { PyModule_GetDict } from "../objects/module/module";
import { Py } from "../objects/object/head";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral } from "../objects/text/create";

const SOURCE = `class _Feature:
    def __init__(self, optionalRelease, mandatoryRelease, compiler_flag):
        self.optional = optionalRelease
        self.mandatory = mandatoryRelease
        self.compiler_flag = compiler_flag
    def getOptionalRelease(self):
        return self.optional
    def getMandatoryRelease(self):
        return self.mandatory
    def __repr__(self):
        return "_Feature" + repr((self.optional, self.mandatory, self.compiler_flag))

CO_NESTED = 0x10
CO_GENERATOR_ALLOWED = 0
CO_FUTURE_DIVISION = 0x20000
CO_FUTURE_ABSOLUTE_IMPORT = 0x40000
CO_FUTURE_WITH_STATEMENT = 0x80000
CO_FUTURE_PRINT_FUNCTION = 0x100000
CO_FUTURE_UNICODE_LITERALS = 0x200000
CO_FUTURE_BARRY_AS_BDFL = 0x400000
CO_FUTURE_GENERATOR_STOP = 0x800000
CO_FUTURE_ANNOTATIONS = 0x1000000

nested_scopes = _Feature((2, 1, 0, "beta", 1), (2, 2, 0, "alpha", 0), CO_NESTED)
generators = _Feature((2, 2, 0, "alpha", 1), (2, 3, 0, "final", 0), CO_GENERATOR_ALLOWED)
division = _Feature((2, 2, 0, "alpha", 2), (3, 0, 0, "alpha", 0), CO_FUTURE_DIVISION)
absolute_import = _Feature((2, 5, 0, "alpha", 1), (3, 0, 0, "alpha", 0), CO_FUTURE_ABSOLUTE_IMPORT)
with_statement = _Feature((2, 5, 0, "alpha", 1), (2, 6, 0, "alpha", 0), CO_FUTURE_WITH_STATEMENT)
print_function = _Feature((2, 6, 0, "alpha", 2), (3, 0, 0, "alpha", 0), CO_FUTURE_PRINT_FUNCTION)
unicode_literals = _Feature((2, 6, 0, "alpha", 2), (3, 0, 0, "alpha", 0), CO_FUTURE_UNICODE_LITERALS)
barry_as_FLUFL = _Feature((3, 1, 0, "alpha", 2), (4, 0, 0, "alpha", 0), CO_FUTURE_BARRY_AS_BDFL)
generator_stop = _Feature((3, 5, 0, "beta", 1), (3, 7, 0, "alpha", 0), CO_FUTURE_GENERATOR_STOP)
annotations = _Feature((3, 7, 0, "beta", 1), None, CO_FUTURE_ANNOTATIONS)

all_feature_names = [name for name, value in list(globals().items()) if isinstance(value, _Feature)]
__all__ = ["all_feature_names"] + all_feature_names
`;

/**
 * @module __future__
 *
 * The features of the language that a source may ask for before they are everybody's.
 *
 * "from __future__ import NAME" at the beginning of a source is seen by the compiler, which then reads the source by the rules of a later version. The names are here too, so that a program can ask about them: each is a _Feature, which knows in which version it could be asked for first, in which one it is or will be the rule, and the flag by which compile() takes it. all_feature_names is the list of the names.
 *
 * Most of them have long been the rule, and asking for them changes nothing.
 */
export function initFuture(m: usize): i32 {
  const text = PyUnicode_FromLiteral(SOURCE);
  const bytes = text == 0 ? 0 : PyUnicode_AsUTF8(text);
  const name = bytes == 0 ? 0 : PyUnicode_FromLiteral("<frozen __future__>");
  const code =
    name == 0 ? 0 : compileSource(bytes, PyUnicode_UTF8Length(text), name, CompileMode.exec, PyCF_IGNORE_COOKIE, 0);
  const d = PyModule_GetDict(m);
  const r = code == 0 ? 0 : evalCode(code, d, d, 0);
  Py.XDECREF(text);
  Py.XDECREF(name);
  Py.XDECREF(code);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}
