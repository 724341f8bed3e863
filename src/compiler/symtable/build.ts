/**
 * The first pass of the symbol table: walks the syntax tree and notes in each block which names are bound, used,
 * imported, declared global or nonlocal, and which blocks nest in it. Then `analyze` decides the scopes.
 *
 * Mirrors `symtable_visit_*` (`Python/symtable.c`), with its errors in its order and its count of nesting. Blocks are
 * found again by the tree node that opened them. Deliberate differences: a type parameter's default has a table of its
 * own where CPython uses the node's address plus one; chains of attributes, calls, subscripts and operators, which the
 * grammar lets grow without bound on the left, are walked in a loop so that they need no stack.
 */
import {
  type AsyncFunctionDef,
  type alias,
  type arg,
  type arguments_,
  type ClassDef,
  type comprehension,
  type expr,
  type FunctionDef,
  Kind,
  type mod,
  type NamedExpr,
  type pattern,
  type stmt,
  type TypeAlias,
  type type_param,
} from "../../generated/ast.ts";
import { CodeFlag } from "../../generated/constants.ts";
import { PyCompileError, PyScopeError } from "../errors/errors.ts";
import { charge } from "../errors/limits.ts";
import { enterNesting, leaveNesting, RECURSION_LIMIT, START_DEPTH } from "../errors/nesting.ts";
import { analyze } from "./analyze.ts";
import { Block, Comprehension, Def, type Positioned, SYMBOL_BYTES, SymtableEntry } from "./entry.ts";
import type { FutureFeatures } from "./future.ts";
import { maybeMangle } from "./mangle.ts";

/** The blocks of one module, by the syntax tree node that opens each. */
export class Symtable {
  readonly blocks = new Map<object, SymtableEntry>();
  /** The blocks of the defaults of type variables that have a bound too. */
  readonly defaultBlocks = new Map<object, SymtableEntry>();

  constructor(readonly top: SymtableEntry) {}

  lookup(key: object): SymtableEntry {
    const entry = this.blocks.get(key);
    if (entry === undefined) throw new Error("unknown symbol table entry");
    return entry;
  }
}

export function buildSymtable(module: mod, filename: string, future: FutureFeatures): Symtable {
  const builder = new Builder(module, filename, (future.features & CodeFlag.FUTURE_ANNOTATIONS) !== 0);
  builder.module(module);
  analyze(builder.table.top, filename);
  return builder.table;
}

const nowhere: Positioned = { lineno: 0, col_offset: 0, end_lineno: 0, end_col_offset: 0 };

class Builder {
  readonly table: Symtable;
  private cur: SymtableEntry;
  private readonly stack: SymtableEntry[] = [];
  private readonly global: Map<string, number>;
  /** The innermost class, for mangling. */
  private privateName: string | null = null;
  private depth = START_DEPTH;

  constructor(
    module: mod,
    readonly filename: string,
    readonly futureAnnotations: boolean,
  ) {
    const top = new SymtableEntry("top", Block.Module, nowhere);
    this.table = new Symtable(top);
    this.table.blocks.set(module, top);
    this.stack.push(top);
    this.cur = top;
    this.global = top.symbols;
  }

  module(module: mod): void {
    switch (module.node) {
      case Kind.Module:
      case Kind.Interactive:
        this.stmts(module.body);
        break;
      case Kind.Expression:
        this.expr(module.body);
        break;
      default:
        throw new PyCompileError("SystemError", "this compiler does not handle FunctionTypes");
    }
  }

  private error(msg: string, at: Positioned): never {
    const { lineno, col_offset, end_lineno, end_col_offset } = at;
    throw new PyScopeError("SyntaxError", msg, this.filename, lineno, col_offset + 1, end_lineno, end_col_offset + 1);
  }

  private deeper(): void {
    if (++this.depth > RECURSION_LIMIT) {
      throw new PyCompileError("RecursionError", "maximum recursion depth exceeded during compilation");
    }
  }

  // Blocks

  private enterBlock(name: string, type: Block, key: object, at: Positioned, blocks = this.table.blocks): void {
    const prev = this.cur;
    const ste = new SymtableEntry(name, type, at);
    ste.nested = prev.nested || prev.isFunctionLike();
    ste.compIterExpr = prev.compIterExpr;
    if (prev.mangledNames !== null && type !== Block.Class) ste.mangledNames = prev.mangledNames;
    blocks.set(key, ste);
    this.stack.push(ste);
    this.cur = ste;
    // Annotations that become strings have no effect on the blocks around them.
    if (type !== Block.Annotation) prev.children.push(ste);
  }

  private exitBlock(): void {
    this.stack.pop();
    this.cur = this.stack[this.stack.length - 1];
  }

  private lookup(name: string, entry: SymtableEntry = this.cur): number {
    return entry.getSymbol(maybeMangle(this.privateName, entry, name));
  }

  private addDef(name: string, flag: number, at: Positioned): void {
    if (flag & Def.TYPE_PARAM && this.cur.mangledNames !== null) this.cur.mangledNames.add(name);
    this.addDefIn(this.cur, name, flag, at);
  }

  private addDefIn(ste: SymtableEntry, name: string, flag: number, at: Positioned): void {
    const mangled = maybeMangle(this.privateName, this.cur, name);
    let val = ste.symbols.get(mangled);
    if (val === undefined) val = flag;
    else {
      if (flag & val & Def.PARAM) this.error(`duplicate argument '${name}' in function definition`, at);
      if (flag & val & Def.TYPE_PARAM) this.error(`duplicate type parameter '${name}'`, at);
      val |= flag;
    }
    if (ste.compIterTarget) {
      if (val & (Def.GLOBAL | Def.NONLOCAL)) {
        this.error(`comprehension inner loop cannot rebind assignment expression target '${name}'`, at);
      }
      val |= Def.COMP_ITER;
    }
    if (!ste.symbols.has(mangled)) charge(SYMBOL_BYTES);
    ste.symbols.set(mangled, val);
    if (flag & Def.PARAM) ste.varnames.push(mangled);
    else if (flag & Def.GLOBAL) this.global.set(mangled, flag | (this.global.get(mangled) ?? 0));
  }

  private recordDirective(name: string, at: Positioned): void {
    this.cur.directives ??= [];
    this.cur.directives.push({ name: maybeMangle(this.privateName, this.cur, name), at });
  }

  private enterTypeParamBlock(
    name: string,
    key: object,
    hasDefaults: boolean,
    hasKwDefaults: boolean,
    isClassDef: boolean,
    at: Positioned,
  ): void {
    const inClass = this.cur.type === Block.Class;
    this.enterBlock(name, Block.TypeParameters, key, at);
    if (inClass) {
      this.cur.canSeeClassScope = true;
      this.addDef("__classdict__", Def.USE, at);
    }
    if (isClassDef) {
      // Set when the tuple of type parameters is built, used when the bases are.
      this.addDef(".type_params", Def.LOCAL, at);
      this.addDef(".type_params", Def.USE, at);
      this.addDef(".generic_base", Def.LOCAL, at);
      this.addDef(".generic_base", Def.USE, at);
    }
    if (hasDefaults) this.addDef(".defaults", Def.PARAM, at);
    if (hasKwDefaults) this.addDef(".kwdefaults", Def.PARAM, at);
  }

  // Statements

  private stmts(list: readonly stmt[]): void {
    for (let i = 0; i < list.length; i++) this.stmt(list[i]);
  }

  private stmt(s: stmt): void {
    this.deeper();
    enterNesting();
    switch (s.node) {
      case Kind.FunctionDef:
      case Kind.AsyncFunctionDef:
        this.functionDef(s);
        break;
      case Kind.ClassDef:
        this.classDef(s);
        break;
      case Kind.TypeAlias:
        this.typeAlias(s);
        break;
      case Kind.Return:
        if (s.value !== null) this.expr(s.value);
        break;
      case Kind.Delete:
        this.exprs(s.targets);
        break;
      case Kind.Assign:
        this.exprs(s.targets);
        this.expr(s.value);
        break;
      case Kind.AnnAssign:
        if (s.target.node === Kind.Name) {
          const name = s.target.id;
          const cur = this.lookup(name);
          if (cur & (Def.GLOBAL | Def.NONLOCAL) && this.cur.symbols !== this.global && s.simple) {
            const kind = cur & Def.GLOBAL ? "global" : "nonlocal";
            this.error(`annotated name '${name}' can't be ${kind}`, s);
          }
          if (s.simple) this.addDef(name, Def.ANNOT | Def.LOCAL, s.target);
          if (s.value !== null) this.addDef(name, Def.LOCAL, s.target);
        } else {
          this.expr(s.target);
        }
        this.annotation(s.annotation);
        if (s.value !== null) this.expr(s.value);
        break;
      case Kind.AugAssign:
        this.expr(s.target);
        this.expr(s.value);
        break;
      case Kind.For:
      case Kind.AsyncFor:
        this.expr(s.target);
        this.expr(s.iter);
        this.stmts(s.body);
        this.stmts(s.orelse);
        break;
      case Kind.While:
        this.expr(s.test);
        this.stmts(s.body);
        this.stmts(s.orelse);
        break;
      case Kind.If: {
        // A chain of elif is one statement in the other's orelse: walked in a loop, counted as nesting.
        let branch = s;
        let levels = 0;
        for (;;) {
          this.expr(branch.test);
          this.stmts(branch.body);
          const next = branch.orelse.length === 1 ? branch.orelse[0] : null;
          if (next === null || next.node !== Kind.If) break;
          this.deeper();
          levels++;
          branch = next;
        }
        this.stmts(branch.orelse);
        this.depth -= levels;
        break;
      }
      case Kind.Match:
        this.expr(s.subject);
        for (const m of s.cases) {
          this.pattern(m.pattern);
          if (m.guard !== null) this.expr(m.guard);
          this.stmts(m.body);
        }
        break;
      case Kind.Raise:
        if (s.exc !== null) {
          this.expr(s.exc);
          if (s.cause !== null) this.expr(s.cause);
        }
        break;
      case Kind.Try:
      case Kind.TryStar:
        this.stmts(s.body);
        for (const h of s.handlers) {
          if (h.type !== null) this.expr(h.type);
          if (h.name !== null) this.addDef(h.name, Def.LOCAL, h);
          this.stmts(h.body);
        }
        this.stmts(s.orelse);
        this.stmts(s.finalbody);
        break;
      case Kind.Assert:
        this.expr(s.test);
        if (s.msg !== null) this.expr(s.msg);
        break;
      case Kind.Import:
      case Kind.ImportFrom:
        for (const a of s.names) this.alias(a);
        break;
      case Kind.Global:
        this.declare(s.names, Def.GLOBAL, "global", s);
        break;
      case Kind.Nonlocal:
        this.declare(s.names, Def.NONLOCAL, "nonlocal", s);
        break;
      case Kind.Expr:
        this.expr(s.value);
        break;
      case Kind.Pass:
      case Kind.Break:
      case Kind.Continue:
        break;
      case Kind.With:
      case Kind.AsyncWith:
        for (const item of s.items) {
          this.expr(item.context_expr);
          if (item.optional_vars !== null) this.expr(item.optional_vars);
        }
        this.stmts(s.body);
        break;
    }
    leaveNesting();
    this.depth--;
  }

  private functionDef(s: FunctionDef | AsyncFunctionDef): void {
    this.addDef(s.name, Def.LOCAL, s);
    this.exprs(s.args.defaults);
    for (const e of s.args.kw_defaults) if (e !== null) this.expr(e);
    this.exprs(s.decorator_list);
    const generic = s.type_params.length > 0;
    if (generic) {
      const kwDefaults = s.args.kw_defaults.some((e) => e !== null);
      // CPython asks for a list of defaults, and there always is one, if an empty one.
      this.enterTypeParamBlock(s.name, s.type_params, true, kwDefaults, false, s);
      for (const t of s.type_params) this.typeParam(t);
    }
    this.annotations(s);
    this.enterBlock(s.name, Block.Function, s, s);
    if (s.node === Kind.AsyncFunctionDef) this.cur.coroutine = true;
    this.arguments(s.args);
    this.stmts(s.body);
    this.exitBlock();
    if (generic) this.exitBlock();
  }

  private classDef(s: ClassDef): void {
    this.addDef(s.name, Def.LOCAL, s);
    this.exprs(s.decorator_list);
    const outer = this.privateName;
    const generic = s.type_params.length > 0;
    if (generic) {
      this.enterTypeParamBlock(s.name, s.type_params, false, false, true, s);
      this.privateName = s.name;
      this.cur.mangledNames = new Set();
      for (const t of s.type_params) this.typeParam(t);
    }
    this.exprs(s.bases);
    for (const k of s.keywords) this.expr(k.value);
    this.enterBlock(s.name, Block.Class, s, s);
    this.privateName = s.name;
    if (generic) {
      this.addDef("__type_params__", Def.LOCAL, s);
      this.addDef(".type_params", Def.USE, s);
    }
    this.stmts(s.body);
    this.exitBlock();
    if (generic) this.exitBlock();
    this.privateName = outer;
  }

  private typeAlias(s: TypeAlias): void {
    this.expr(s.name);
    if (s.name.node !== Kind.Name) throw new PyCompileError("TypeError", "TypeAlias with non-Name name");
    const name = s.name.id;
    const inClass = this.cur.type === Block.Class;
    const generic = s.type_params.length > 0;
    if (generic) {
      this.enterTypeParamBlock(name, s.type_params, false, false, false, s);
      for (const t of s.type_params) this.typeParam(t);
    }
    this.enterBlock(name, Block.TypeAlias, s, s);
    this.cur.canSeeClassScope = inClass;
    if (inClass) this.addDef("__classdict__", Def.USE, s.value);
    this.expr(s.value);
    this.exitBlock();
    if (generic) this.exitBlock();
  }

  private declare(names: readonly string[], flag: Def, word: string, s: Positioned): void {
    for (const name of names) {
      const cur = this.lookup(name);
      if (cur & (Def.PARAM | Def.LOCAL | Def.USE | Def.ANNOT)) {
        let msg: string;
        if (cur & Def.PARAM) msg = `name '${name}' is parameter and ${word}`;
        else if (cur & Def.USE) msg = `name '${name}' is used prior to ${word} declaration`;
        else if (cur & Def.ANNOT) msg = `annotated name '${name}' can't be ${word}`;
        else msg = `name '${name}' is assigned to before ${word} declaration`;
        this.error(msg, s);
      }
      this.addDef(name, flag, s);
      this.recordDirective(name, s);
    }
  }

  private alias(a: alias): void {
    const name = a.asname ?? a.name;
    if (name === "*") {
      if (this.cur.type !== Block.Module) this.error("import * only allowed at module level", a);
      return;
    }
    const dot = name.indexOf(".");
    this.addDef(dot < 0 ? name : name.slice(0, dot), Def.IMPORT, a);
  }

  // Functions' parameters and annotations

  private params(list: readonly arg[]): void {
    for (const a of list) this.addDef(a.arg, Def.PARAM, a);
  }

  private arguments(a: arguments_): void {
    this.params(a.posonlyargs);
    this.params(a.args);
    this.params(a.kwonlyargs);
    if (a.vararg !== null) {
      this.addDef(a.vararg.arg, Def.PARAM, a.vararg);
      this.cur.varargs = true;
    }
    if (a.kwarg !== null) {
      this.addDef(a.kwarg.arg, Def.PARAM, a.kwarg);
      this.cur.varkeywords = true;
    }
  }

  private annotation(e: expr): void {
    if (!this.futureAnnotations) {
      this.expr(e);
      return;
    }
    this.enterBlock("_annotation", Block.Annotation, e, e);
    this.expr(e);
    this.exitBlock();
  }

  private annotations(s: FunctionDef | AsyncFunctionDef): void {
    const a = s.args;
    if (this.futureAnnotations) this.enterBlock("_annotation", Block.Annotation, s, s);
    for (const p of a.posonlyargs) if (p.annotation !== null) this.expr(p.annotation);
    for (const p of a.args) if (p.annotation !== null) this.expr(p.annotation);
    if (a.vararg !== null && a.vararg.annotation !== null) this.expr(a.vararg.annotation);
    if (a.kwarg !== null && a.kwarg.annotation !== null) this.expr(a.kwarg.annotation);
    for (const p of a.kwonlyargs) if (p.annotation !== null) this.expr(p.annotation);
    if (this.futureAnnotations) this.exitBlock();
    if (s.returns !== null) this.annotation(s.returns);
  }

  private typeParamPart(e: expr | null, name: string, key: object, what: string, blocks = this.table.blocks): void {
    if (e === null) return;
    const inClass = this.cur.canSeeClassScope;
    this.enterBlock(name, Block.TypeVariable, key, e, blocks);
    this.cur.canSeeClassScope = inClass;
    if (inClass) this.addDef("__classdict__", Def.USE, e);
    this.cur.scopeInfo = what;
    this.expr(e);
    this.exitBlock();
  }

  private typeParam(t: type_param): void {
    this.deeper();
    this.addDef(t.name, Def.TYPE_PARAM | Def.LOCAL, t);
    switch (t.node) {
      case Kind.TypeVar: {
        const what = t.bound?.node === Kind.Tuple ? "a TypeVar constraint" : "a TypeVar bound";
        this.typeParamPart(t.bound, t.name, t, what);
        this.typeParamPart(t.default_value, t.name, t, "a TypeVar default", this.table.defaultBlocks);
        break;
      }
      case Kind.TypeVarTuple:
        this.typeParamPart(t.default_value, t.name, t, "a TypeVarTuple default");
        break;
      case Kind.ParamSpec:
        this.typeParamPart(t.default_value, t.name, t, "a ParamSpec default");
        break;
    }
    this.depth--;
  }

  // Expressions

  private exprs(list: readonly expr[]): void {
    for (let i = 0; i < list.length; i++) this.expr(list[i]);
  }

  /** The left operand first, from the innermost of the chain that ends in `e`. */
  private chain(e: expr): void {
    const links: expr[] = [];
    let inner: expr = e;
    for (;;) {
      if (inner.node === Kind.Attribute || inner.node === Kind.Subscript) {
        links.push(inner);
        inner = inner.value;
      } else if (inner.node === Kind.Call) {
        links.push(inner);
        inner = inner.func;
      } else if (inner.node === Kind.BinOp) {
        links.push(inner);
        inner = inner.left;
      } else break;
      this.deeper();
    }
    this.depth--; // `e` itself was counted by the caller
    this.expr(inner);
    for (let i = links.length - 1; i >= 0; i--) {
      const link = links[i];
      if (link.node === Kind.Subscript) this.expr(link.slice);
      else if (link.node === Kind.BinOp) this.expr(link.right);
      else if (link.node === Kind.Call) {
        this.exprs(link.args);
        for (const k of link.keywords) this.expr(k.value);
      }
      if (i > 0) this.depth--;
    }
  }

  private expr(e: expr): void {
    this.deeper();
    switch (e.node) {
      case Kind.Name:
        this.addDef(e.id, e.ctx === Kind.Load ? Def.USE : Def.LOCAL, e);
        // `super` is also a use of `__class__`.
        if (e.ctx === Kind.Load && e.id === "super" && this.cur.isFunctionLike()) {
          this.addDef("__class__", Def.USE, e);
        }
        this.depth--;
        return;
      case Kind.Constant:
        this.depth--;
        return;
    }
    enterNesting();
    switch (e.node) {
      case Kind.Attribute:
      case Kind.Subscript:
      case Kind.Call:
      case Kind.BinOp:
        this.chain(e);
        break;
      case Kind.NamedExpr:
        this.raiseIfAnnotationBlock("named expression", e);
        this.namedExpr(e);
        break;
      case Kind.BoolOp:
        this.exprs(e.values);
        break;
      case Kind.UnaryOp: {
        let operand = e.operand;
        let levels = 0;
        while (operand.node === Kind.UnaryOp) {
          this.deeper();
          levels++;
          operand = operand.operand;
        }
        this.expr(operand);
        this.depth -= levels;
        break;
      }
      case Kind.Lambda:
        this.exprs(e.args.defaults);
        for (const d of e.args.kw_defaults) if (d !== null) this.expr(d);
        this.enterBlock("lambda", Block.Function, e, e);
        this.arguments(e.args);
        this.expr(e.body);
        this.exitBlock();
        break;
      case Kind.IfExp: {
        let branch = e;
        let levels = 0;
        for (;;) {
          this.expr(branch.test);
          this.expr(branch.body);
          if (branch.orelse.node !== Kind.IfExp) break;
          this.deeper();
          levels++;
          branch = branch.orelse;
        }
        this.expr(branch.orelse);
        this.depth -= levels;
        break;
      }
      case Kind.Dict:
        for (const k of e.keys) if (k !== null) this.expr(k);
        this.exprs(e.values);
        break;
      case Kind.Set:
      case Kind.List:
      case Kind.Tuple:
        this.exprs(e.elts);
        break;
      case Kind.GeneratorExp:
      case Kind.ListComp:
      case Kind.SetComp:
        this.comprehensionScope(e, e.generators, e.elt, null);
        break;
      case Kind.DictComp:
        this.comprehensionScope(e, e.generators, e.key, e.value);
        break;
      case Kind.Yield:
      case Kind.YieldFrom:
        this.raiseIfAnnotationBlock("yield expression", e);
        if (e.value !== null) this.expr(e.value);
        this.cur.generator = true;
        if (this.cur.comprehension !== Comprehension.None) {
          this.error(`'yield' inside ${comprehensionNames[this.cur.comprehension]}`, e);
        }
        break;
      case Kind.Await:
        this.raiseIfAnnotationBlock("await expression", e);
        this.expr(e.value);
        this.cur.coroutine = true;
        break;
      case Kind.Compare:
        this.expr(e.left);
        this.exprs(e.comparators);
        break;
      case Kind.FormattedValue:
        this.expr(e.value);
        if (e.format_spec !== null) this.expr(e.format_spec);
        break;
      case Kind.JoinedStr:
        this.exprs(e.values);
        break;
      case Kind.Starred:
        this.expr(e.value);
        break;
      case Kind.Slice:
        if (e.lower !== null) this.expr(e.lower);
        if (e.upper !== null) this.expr(e.upper);
        if (e.step !== null) this.expr(e.step);
        break;
    }
    leaveNesting();
    this.depth--;
  }

  private namedExpr(e: NamedExpr): void {
    if (this.cur.compIterExpr > 0) {
      this.error("assignment expression cannot be used in a comprehension iterable expression", e);
    }
    if (this.cur.comprehension !== Comprehension.None) this.extendNamedExprScope(e);
    this.expr(e.value);
    this.expr(e.target);
  }

  /** The target of an assignment expression in a comprehension belongs to the block around all comprehensions. */
  private extendNamedExprScope(e: NamedExpr): void {
    const target = e.target;
    if (target.node !== Kind.Name) throw new PyCompileError("TypeError", "NamedExpr target must be a Name");
    const name = target.id;
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const ste = this.stack[i];
      if (ste.comprehension !== Comprehension.None) {
        const inScope = this.lookup(name, ste);
        if (inScope & Def.COMP_ITER && inScope & Def.LOCAL) {
          this.error(`assignment expression cannot rebind comprehension iteration variable '${name}'`, target);
        }
        continue;
      }
      switch (ste.type) {
        case Block.Function:
          this.addDef(name, this.lookup(name, ste) & Def.GLOBAL ? Def.GLOBAL : Def.NONLOCAL, target);
          this.recordDirective(name, target);
          this.addDefIn(ste, name, Def.LOCAL, target);
          return;
        case Block.Module:
          this.addDef(name, Def.GLOBAL, target);
          this.recordDirective(name, target);
          this.addDefIn(ste, name, Def.GLOBAL, target);
          return;
        case Block.Class:
          this.error("assignment expression within a comprehension cannot be used in a class body", target);
          break;
        case Block.TypeParameters:
          this.error(
            "assignment expression within a comprehension cannot be used within the definition of a generic",
            target,
          );
          break;
        case Block.TypeAlias:
          this.error("assignment expression within a comprehension cannot be used in a type alias", target);
          break;
        case Block.TypeVariable:
          this.error("assignment expression within a comprehension cannot be used in a TypeVar bound", target);
      }
    }
  }

  private comprehensionScope(
    e: Extract<expr, { generators: comprehension[] }>,
    generators: readonly comprehension[],
    elt: expr,
    value: expr | null,
  ): void {
    const isGenerator = e.node === Kind.GeneratorExp;
    const outermost = generators[0];
    // The outermost iterable is evaluated in the enclosing block.
    this.cur.compIterExpr++;
    this.expr(outermost.iter);
    this.cur.compIterExpr--;
    const { name, type } = comprehensionScopes[e.node];
    this.enterBlock(name, Block.Function, e, e);
    this.cur.comprehension = type;
    if (outermost.is_async) this.cur.coroutine = true;
    this.addDef(".0", Def.PARAM, this.cur.at);
    this.cur.compIterTarget = true;
    this.expr(outermost.target);
    this.cur.compIterTarget = false;
    this.exprs(outermost.ifs);
    for (let i = 1; i < generators.length; i++) {
      const g = generators[i];
      this.cur.compIterTarget = true;
      this.expr(g.target);
      this.cur.compIterTarget = false;
      this.cur.compIterExpr++;
      this.expr(g.iter);
      this.cur.compIterExpr--;
      this.exprs(g.ifs);
      if (g.is_async) this.cur.coroutine = true;
    }
    if (value !== null) this.expr(value);
    this.expr(elt);
    this.cur.generator = isGenerator;
    const isAsync = this.cur.coroutine && !isGenerator;
    this.exitBlock();
    if (isAsync) this.cur.coroutine = true;
  }

  private raiseIfAnnotationBlock(what: string, e: Positioned): void {
    switch (this.cur.type) {
      case Block.Annotation:
        this.error(`${what} cannot be used within an annotation`, e);
        break;
      case Block.TypeVariable:
        this.error(`${what} cannot be used within ${this.cur.scopeInfo}`, e);
        break;
      case Block.TypeAlias:
        this.error(`${what} cannot be used within a type alias`, e);
        break;
      case Block.TypeParameters:
        this.error(`${what} cannot be used within the definition of a generic`, e);
    }
  }

  // Patterns

  private patterns(list: readonly pattern[]): void {
    for (const p of list) this.pattern(p);
  }

  private pattern(p: pattern): void {
    this.deeper();
    enterNesting();
    switch (p.node) {
      case Kind.MatchValue:
        this.expr(p.value);
        break;
      case Kind.MatchSingleton:
        break;
      case Kind.MatchSequence:
      case Kind.MatchOr:
        this.patterns(p.patterns);
        break;
      case Kind.MatchStar:
        if (p.name !== null) this.addDef(p.name, Def.LOCAL, p);
        break;
      case Kind.MatchMapping:
        this.exprs(p.keys);
        this.patterns(p.patterns);
        if (p.rest !== null) this.addDef(p.rest, Def.LOCAL, p);
        break;
      case Kind.MatchClass:
        this.expr(p.cls);
        this.patterns(p.patterns);
        this.patterns(p.kwd_patterns);
        break;
      case Kind.MatchAs:
        if (p.pattern !== null) this.pattern(p.pattern);
        if (p.name !== null) this.addDef(p.name, Def.LOCAL, p);
        break;
    }
    leaveNesting();
    this.depth--;
  }
}

const comprehensionNames: Record<number, string> = {
  [Comprehension.List]: "list comprehension",
  [Comprehension.Set]: "set comprehension",
  [Comprehension.Dict]: "dict comprehension",
  [Comprehension.Generator]: "generator expression",
};

const comprehensionScopes = {
  [Kind.GeneratorExp]: { name: "genexpr", type: Comprehension.Generator },
  [Kind.ListComp]: { name: "listcomp", type: Comprehension.List },
  [Kind.SetComp]: { name: "setcomp", type: Comprehension.Set },
  [Kind.DictComp]: { name: "dictcomp", type: Comprehension.Dict },
} as const;
