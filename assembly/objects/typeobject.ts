// Types under one name: what other files ask of Objects/typeobject.c.

export { _PyObject_NextNotImplemented, object_new } from "./type/base";
export {
  PyType_IsSubtype,
  PyType_Modified,
  _PyObject_LookupSpecial,
  _PyType_Lookup,
  lookupMethod,
} from "./type/lookup";
export { _PyType_CalculateMetaclass } from "./type/new";
export { PyType_Ready } from "./type/ready";
export { type_name, type_qualname, type_fullyQualifiedName } from "./type/type";
