// The module _datetime (CPython 3.13's Modules/_datetimemodule.c). The types are in the files of the folder:
//
//   calendar.ts ◄ fields.ts ◄ delta.ts ◄ tzinfo.ts ◄ format.ts ◄ date.ts, time.ts ◄ construct.ts ◄ datetime.ts ◄ module.ts
//                          ◄ parse.ts, moments.ts
//
// Not there: datetime_CAPI, which is for modules in C.

import { datetime_parts, PyCapsule, PyTypeObject } from "../../generated/layouts";
import {
  PyDateTime_DateTimeType,
  PyDateTime_DateType,
  PyDateTime_DeltaType,
  PyDateTime_TimeType,
  PyDateTime_TimeZoneType,
  PyDateTime_TZInfoType,
  utc_timezone,
} from "../../generated/statics";
import { PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { newCapsule } from "../../objects/module/capsule";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { MAXYEAR, MINYEAR, YMD } from "./calendar";
import { initDateTypes } from "./date";
import { initDateTimeType } from "./datetime";
import { initDeltaType } from "./delta";
import { giveParts, newDate, newDateTime, newDelta, newTime, setDate, takeParts } from "./fields";
import { initTimeType } from "./time";
import { initZoneTypes } from "./tzinfo";

/** Sets an attribute of the type to the value, which is stolen and may be null: false with an exception. */
function addTo(type: usize, name: string, value: usize): bool {
  if (value == 0) return false;
  const r = PyDict_SetItemLiteral(PyTypeObject.at(type).tp_dict, name, value);
  Py.DECREF(value);
  return r == 0;
}

/** Sets the parts to the last moment there is. */
function setLast(p: usize): void {
  const x = datetime_parts.at(p);
  setDate(p, YMD.of(MAXYEAR, 12, 31));
  x.hour = 23;
  x.minute = 59;
  x.second = 59;
  x.microsecond = 999999;
}

/** min, max and resolution of the types. */
function addLimits(): bool {
  const p = takeParts();
  setDate(p, YMD.of(MINYEAR, 1, 1));
  let ok =
    addTo(PyDateTime_DateType, "min", newDate(PyDateTime_DateType, p)) &&
    addTo(PyDateTime_TimeType, "min", newTime(PyDateTime_TimeType, p)) &&
    addTo(PyDateTime_DateTimeType, "min", newDateTime(PyDateTime_DateTimeType, p));
  setLast(p);
  ok =
    ok &&
    addTo(PyDateTime_DateType, "max", newDate(PyDateTime_DateType, p)) &&
    addTo(PyDateTime_TimeType, "max", newTime(PyDateTime_TimeType, p)) &&
    addTo(PyDateTime_DateTimeType, "max", newDateTime(PyDateTime_DateTimeType, p));
  giveParts(p);
  return (
    ok &&
    addTo(PyDateTime_DateType, "resolution", newDelta(1, 0, 0)) &&
    addTo(PyDateTime_TimeType, "resolution", newDelta(0, 0, 1)) &&
    addTo(PyDateTime_DateTimeType, "resolution", newDelta(0, 0, 1)) &&
    addTo(PyDateTime_DeltaType, "resolution", newDelta(0, 0, 1)) &&
    addTo(PyDateTime_DeltaType, "min", newDelta(-999999999, 0, 0)) &&
    addTo(PyDateTime_DeltaType, "max", newDelta(999999999, 86399, 999999))
  );
}

/** Pointers of the table for extensions in C: five types, UTC, nine functions. */
const TABLE: isize = 15;

function datetimeTable(): usize {
  const capsule = newCapsule("datetime.datetime_CAPI", TABLE);
  if (capsule == 0) return 0;
  const table = PyCapsule.at(capsule).pointer;
  Py.setItem(table, 0, PyDateTime_DateType);
  Py.setItem(table, 1, PyDateTime_DateTimeType);
  Py.setItem(table, 2, PyDateTime_TimeType);
  Py.setItem(table, 3, PyDateTime_DeltaType);
  Py.setItem(table, 4, PyDateTime_TZInfoType);
  Py.setItem(table, 5, utc_timezone);
  return capsule;
}

/**
 * @module _datetime
 *
 * The quick half of the module datetime.
 */
export function initDatetime(m: usize): i32 {
  const ready =
    initDeltaType() == 0 &&
    initDateTypes() == 0 &&
    initZoneTypes() == 0 &&
    initTimeType() == 0 &&
    initDateTimeType() == 0 &&
    addLimits() &&
    PyModule_AddObjectLiteral(m, "date", PyDateTime_DateType) == 0 &&
    PyModule_AddObjectLiteral(m, "datetime", PyDateTime_DateTimeType) == 0 &&
    PyModule_AddObjectLiteral(m, "time", PyDateTime_TimeType) == 0 &&
    PyModule_AddObjectLiteral(m, "timedelta", PyDateTime_DeltaType) == 0 &&
    PyModule_AddObjectLiteral(m, "tzinfo", PyDateTime_TZInfoType) == 0 &&
    PyModule_AddObjectLiteral(m, "timezone", PyDateTime_TimeZoneType) == 0 &&
    PyModule_AddObjectLiteral(m, "MINYEAR", PyLong_FromLong(MINYEAR)) == 0 &&
    PyModule_AddObjectLiteral(m, "MAXYEAR", PyLong_FromLong(MAXYEAR)) == 0 &&
    PyModule_AddObjectLiteral(m, "UTC", utc_timezone) == 0 &&
    PyModule_AddObjectLiteral(m, "datetime_CAPI", datetimeTable()) == 0;
  return ready ? 0 : -1;
}
