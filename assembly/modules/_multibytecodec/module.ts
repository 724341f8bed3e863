// The module _multibytecodec (CPython 3.13's Modules/cjkcodecs): encodings of Chinese, Japanese and Korean; and the modules that
// have them, _codecs_cn to _codecs_iso2022, a codec each by its name.
//
//   charset  the codecs and their tables | bytes, iso2022  one character | codec  whole texts | incremental, streams  pieces

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  PyExc_TypeError,
  PyExc_ValueError,
  PyMultibyteIncrementalDecoder_Type,
  PyMultibyteIncrementalEncoder_Type,
  PyMultibyteStreamReader_Type,
  PyMultibyteStreamWriter_Type,
} from "../../generated/statics";
import { PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { CN, HK, ISO, JAPANESE, KOREAN, newCodec, TW } from "./charset";
import { initCodecType } from "./codec";
import { initIncrementalTypes } from "./incremental";
import { initStreamTypes } from "./streams";

function getcodec(encoding: usize, language: i32): usize {
  if (Py.check(encoding, Py_TPFLAGS_UNICODE_SUBCLASS)) return newCodec(encoding, language);
  return PyErr_SetString(PyExc_TypeError, "encoding name must be a string.");
}

/**
 * @native _codecs_cn.getcodec($module, object, /)
 */
export function cn_getcodec(_module: usize, encoding: usize): usize {
  return getcodec(encoding, CN);
}

/**
 * @native _codecs_hk.getcodec($module, object, /)
 */
export function hk_getcodec(_module: usize, encoding: usize): usize {
  return getcodec(encoding, HK);
}

/**
 * @native _codecs_tw.getcodec($module, object, /)
 */
export function tw_getcodec(_module: usize, encoding: usize): usize {
  return getcodec(encoding, TW);
}

/**
 * @native _codecs_kr.getcodec($module, object, /)
 */
export function kr_getcodec(_module: usize, encoding: usize): usize {
  return getcodec(encoding, KOREAN);
}

/**
 * @native _codecs_jp.getcodec($module, object, /)
 */
export function jp_getcodec(_module: usize, encoding: usize): usize {
  return getcodec(encoding, JAPANESE);
}

/**
 * @native _codecs_iso2022.getcodec($module, object, /)
 */
export function iso2022_getcodec(_module: usize, encoding: usize): usize {
  return getcodec(encoding, ISO);
}

/**
 * CPython takes a codec of a C library here; there are none of those.
 *
 * @native _multibytecodec.__create_codec($module, arg, /)
 */
export function multibytecodec_create(_module: usize, _arg: usize): usize {
  return PyErr_SetString(PyExc_ValueError, "argument type invalid");
}

/** @module _codecs_cn */
/** @module _codecs_hk */
/** @module _codecs_tw */
/** @module _codecs_kr */
/** @module _codecs_jp */
/** @module _codecs_iso2022 */

/**
 * @module _multibytecodec
 */
export function initMultibytecodec(m: usize): i32 {
  if (initCodecType() < 0 || initIncrementalTypes() < 0 || initStreamTypes() < 0) return -1;
  const good =
    PyModule_AddObjectLiteral(m, "MultibyteIncrementalEncoder", Py.NewRef(PyMultibyteIncrementalEncoder_Type)) == 0 &&
    PyModule_AddObjectLiteral(m, "MultibyteIncrementalDecoder", Py.NewRef(PyMultibyteIncrementalDecoder_Type)) == 0 &&
    PyModule_AddObjectLiteral(m, "MultibyteStreamReader", Py.NewRef(PyMultibyteStreamReader_Type)) == 0 &&
    PyModule_AddObjectLiteral(m, "MultibyteStreamWriter", Py.NewRef(PyMultibyteStreamWriter_Type)) == 0;
  return good ? 0 : -1;
}
