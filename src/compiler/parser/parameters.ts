/** The fast parser's parameters, of functions and of lambdas. */

import { arg as Arg, type arg, arguments_, type expr } from "../../generated/ast.ts";
import { T } from "../tokenizer/tokens.ts";
import { BAIL } from "./cursor.ts";
import { StringParser } from "./fstrings.ts";

export abstract class ParameterParser extends StringParser {
  protected abstract expression(): expr;
  protected abstract starExpression(): expr;

  /** Parameters up to `close`, which is left. A lambda's are not annotated. */
  protected parameters(close: T, annotated: boolean): arguments_ {
    let posonlyargs: arg[] = [];
    let args: arg[] = [];
    const kwonlyargs: arg[] = [];
    const kwDefaults: (expr | null)[] = [];
    const defaults: expr[] = [];
    let vararg: arg | null = null;
    let kwarg: arg | null = null;
    let starSeen = false;
    while (!this.at(close)) {
      if (kwarg) throw BAIL;
      switch (this.type) {
        case T.SLASH:
          if (starSeen || posonlyargs.length || !args.length) throw BAIL;
          this.advance();
          posonlyargs = args;
          args = [];
          break;
        case T.STAR:
          if (starSeen) throw BAIL;
          starSeen = true;
          this.advance();
          if (this.at(T.COMMA)) {
            if (this.types[this.pos + 1] !== T.NAME) throw BAIL;
          } else {
            vararg = this.parameter(annotated, true);
          }
          break;
        case T.DOUBLESTAR:
          this.advance();
          kwarg = this.parameter(annotated, false);
          break;
        default: {
          const param = this.parameter(annotated, false);
          const value = this.accept(T.EQUAL) ? this.expression() : null;
          if (starSeen) {
            kwonlyargs.push(param);
            kwDefaults.push(value);
          } else {
            args.push(param);
            if (value) defaults.push(value);
            else if (defaults.length) throw BAIL;
          }
        }
      }
      if (this.at(T.COMMA)) this.advance();
      else if (!this.at(close)) throw BAIL;
    }
    return new arguments_(posonlyargs, args, vararg, kwonlyargs, kwDefaults, kwarg, defaults);
  }

  private parameter(annotated: boolean, starAnnotation: boolean): arg {
    const s = this.pos;
    const name = this.identifier();
    let annotation: expr | null = null;
    if (annotated && this.accept(T.COLON)) annotation = starAnnotation ? this.starExpression() : this.expression();
    const e = this.pos - 1;
    return new Arg(name, annotation, null, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }
}
