/**
 * The second pass over the symbol table: from the facts that the first pass gathered to the scope of every name.
 *
 * Mirrors `symtable_analyze` (`Python/symtable.c`). A block passes down the names bound around it and the names
 * declared global; its children pass up their free names. A name that is local here and free below becomes a cell.
 * List, set and dict comprehensions are folded into the block around them here (PEP 709), before cells are decided.
 */
import { PyScopeError } from "../errors/errors.ts";
import { charge } from "../errors/limits.ts";
import {
  Block,
  Comprehension,
  Def,
  SCOPE_MASK,
  SCOPE_OFFSET,
  Scope,
  SYMBOL_BYTES,
  type SymtableEntry,
} from "./entry.ts";

/** Gives every symbol below `top` its scope. Throws the errors of `nonlocal` and `global` declarations. */
export function analyze(top: SymtableEntry, filename: string): void {
  new Analyzer(filename).block(top, null, new Set(), new Names(null), new Names(null), null);
}

/** A set of names that starts as another one and changes on its own: each block changes what it got from outside. */
class Names {
  private readonly changes = new Map<string, boolean>();

  constructor(private readonly base: Names | null) {}

  has(name: string): boolean {
    for (let set: Names | null = this; set !== null; set = set.base) {
      const changed = set.changes.get(name);
      if (changed !== undefined) return changed;
    }
    return false;
  }

  add(name: string): void {
    this.changes.set(name, true);
  }

  delete(name: string): void {
    this.changes.set(name, false);
  }
}

class Analyzer {
  constructor(readonly filename: string) {}

  /**
   * `outerBound`: names bound in enclosing functions, null for a module; `free` receives this block's free names;
   * `outerGlobal`: names declared global around it; `outerTypeParams`: those of the bound names that are type
   * parameters; `classEntry`: the class whose namespace this block can see.
   */
  block(
    ste: SymtableEntry,
    outerBound: Names | null,
    free: Set<string>,
    outerGlobal: Names,
    outerTypeParams: Names,
    classEntry: SymtableEntry | null,
  ): void {
    const local = new Set<string>();
    const scopes = new Map<string, Scope>();
    const newFree = new Set<string>();
    const inlinedCells = new Set<string>();
    const isClass = ste.type === Block.Class;
    const bound = outerBound === null ? null : new Names(outerBound);
    const global = new Names(outerGlobal);
    const typeParams = new Names(outerTypeParams);
    for (const [name, flags] of ste.symbols) {
      this.name(ste, scopes, name, flags, bound, local, free, global, typeParams, classEntry);
    }
    // A class's own names are not visible in its methods: its children see what it sees.
    const newBound = new Names(isClass ? outerBound : bound);
    const newGlobal = isClass ? outerGlobal : global;
    if (isClass) {
      newBound.add("__class__");
      newBound.add("__classdict__");
    } else if (ste.isFunctionLike()) {
      for (const name of local) newBound.add(name);
    }

    for (const entry of ste.children) {
      let newClassEntry: SymtableEntry | null = null;
      if (entry.canSeeClassScope) newClassEntry = isClass ? ste : classEntry;
      const inline = entry.comprehension !== Comprehension.None && !entry.generator && !ste.canSeeClassScope;
      const childFree = new Set<string>();
      this.block(entry, newBound, childFree, newGlobal, typeParams, newClassEntry);
      if (inline) {
        this.inlineComprehension(ste, entry, scopes, newFree, childFree, inlinedCells);
        entry.compInlined = true;
      }
      for (const name of childFree) newFree.add(name);
      if (entry.free || entry.childFree) ste.childFree = true;
    }
    if (ste.children.some((entry) => entry.compInlined)) {
      ste.children = ste.children.flatMap((entry) => (entry.compInlined ? entry.children : entry));
    }

    if (ste.isFunctionLike()) {
      // What is local here and free below is a cell, and free no further up.
      for (const [name, scope] of scopes) {
        if (scope === Scope.LOCAL && (newFree.has(name) || inlinedCells.has(name))) {
          scopes.set(name, Scope.CELL);
          newFree.delete(name);
        }
      }
    } else if (isClass) {
      if (newFree.delete("__class__")) ste.needsClassClosure = true;
      if (newFree.delete("__classdict__")) ste.needsClassdict = true;
    }
    this.updateSymbols(ste.symbols, scopes, bound, newFree, inlinedCells, isClass || ste.canSeeClassScope);
    for (const name of newFree) free.add(name);
  }

  private name(
    ste: SymtableEntry,
    scopes: Map<string, Scope>,
    name: string,
    flags: number,
    bound: Names | null,
    local: Set<string>,
    free: Set<string>,
    global: Names,
    typeParams: Names,
    classEntry: SymtableEntry | null,
  ): void {
    if (flags & Def.GLOBAL) {
      if (flags & Def.NONLOCAL) this.errorAtDirective(ste, name, `name '${name}' is nonlocal and global`);
      scopes.set(name, Scope.GLOBAL_EXPLICIT);
      global.add(name);
      bound?.delete(name);
      return;
    }
    if (flags & Def.NONLOCAL) {
      if (bound === null) this.errorAtDirective(ste, name, "nonlocal declaration not allowed at module level");
      if (!bound.has(name)) this.errorAtDirective(ste, name, `no binding for nonlocal '${name}' found`);
      if (typeParams.has(name)) {
        this.errorAtDirective(ste, name, `nonlocal binding not allowed for type parameter '${name}'`);
      }
      scopes.set(name, Scope.FREE);
      ste.free = true;
      free.add(name);
      return;
    }
    if (flags & Def.BOUND) {
      scopes.set(name, Scope.LOCAL);
      local.add(name);
      global.delete(name);
      if (flags & Def.TYPE_PARAM) typeParams.add(name);
      else typeParams.delete(name);
      return;
    }
    // An annotation scope looks into the class around it before the functions around that.
    if (classEntry !== null) {
      const classFlags = classEntry.getSymbol(name);
      if (classFlags & Def.GLOBAL) {
        scopes.set(name, Scope.GLOBAL_EXPLICIT);
        return;
      }
      if (classFlags & Def.BOUND && !(classFlags & Def.NONLOCAL)) {
        scopes.set(name, Scope.GLOBAL_IMPLICIT);
        return;
      }
    }
    if (bound?.has(name)) {
      scopes.set(name, Scope.FREE);
      ste.free = true;
      free.add(name);
      return;
    }
    if (!global.has(name) && ste.nested) ste.free = true;
    scopes.set(name, Scope.GLOBAL_IMPLICIT);
  }

  private errorAtDirective(ste: SymtableEntry, name: string, msg: string): never {
    const at = ste.directives?.find((d) => d.name === name)?.at;
    if (at === undefined) throw new Error("a directive was not recorded");
    const { lineno, col_offset, end_lineno, end_col_offset } = at;
    throw new PyScopeError("SyntaxError", msg, this.filename, lineno, col_offset + 1, end_lineno, end_col_offset + 1);
  }

  /**
   * Merges the names of a comprehension into the block that runs it. `compFree` has its free names, of which those go
   * that the block binds; `siblingFree` has those of the blocks before it, which count as its own.
   */
  private inlineComprehension(
    ste: SymtableEntry,
    comp: SymtableEntry,
    scopes: Map<string, Scope>,
    siblingFree: ReadonlySet<string>,
    compFree: Set<string>,
    inlinedCells: Set<string>,
  ): void {
    const bound = new Set<string>();
    let removeDunderClass = false;
    for (const [name, compFlags] of comp.symbols) {
      if (compFlags & Def.PARAM) continue; // the iterable, `.0`
      let scope: Scope = (compFlags >> SCOPE_OFFSET) & SCOPE_MASK;
      const onlyFlags = compFlags & ((1 << SCOPE_OFFSET) - 1);
      if (scope === Scope.CELL || onlyFlags & Def.COMP_CELL) inlinedCells.add(name);
      const existing = ste.symbols.get(name);
      // `__class__` is never free through a class.
      if (scope === Scope.FREE && ste.type === Block.Class && name === "__class__") {
        scope = Scope.GLOBAL_IMPLICIT;
        bound.add(name);
        removeDunderClass = true;
      }
      if (existing === undefined) {
        ste.symbols.set(name, onlyFlags);
        scopes.set(name, scope);
      } else if (existing & Def.BOUND && ste.type !== Block.Class) {
        // Free in the comprehension and local around it: now simply local, unless a function inside needs it.
        if (!comp.children.some((child) => child.getScope(name) === Scope.FREE)) bound.add(name);
      }
    }
    for (const name of bound) compFree.delete(name);
    comp.free =
      compFree.size > 0 || siblingFree.size > bound.size || ![...siblingFree].every((name) => bound.has(name));
    if (removeDunderClass) comp.symbols.delete("__class__");
  }

  private updateSymbols(
    symbols: Map<string, number>,
    scopes: Map<string, Scope>,
    bound: Names | null,
    free: ReadonlySet<string>,
    inlinedCells: ReadonlySet<string>,
    classLike: boolean,
  ): void {
    for (const [name, flags] of symbols) {
      const cell = inlinedCells.has(name) ? Def.COMP_CELL : 0;
      symbols.set(name, flags | cell | (scopes.get(name)! << SCOPE_OFFSET));
    }
    for (const name of free) {
      const existing = symbols.get(name);
      if (existing !== undefined) {
        // Free in a method, and also a name of the class itself.
        if (classLike) symbols.set(name, existing | Def.FREE_CLASS);
      } else if (bound === null || bound.has(name)) {
        charge(SYMBOL_BYTES);
        symbols.set(name, Scope.FREE << SCOPE_OFFSET);
      }
    }
  }
}
