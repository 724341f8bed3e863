// Types under one name: what other files ask of Objects/typeobject.c.

export { _PyObject_NextNotImplemented, object_new } from "./type/base";
export {
  _PyObject_LookupSpecial,
  _PyType_Lookup,
  lookupMethod,
  PyType_IsSubtype,
  PyType_Modified,
} from "./type/lookup";
export { _PyType_CalculateMetaclass } from "./type/new";
export { PyType_Ready } from "./type/ready";
export { type_fullyQualifiedName, type_name, type_qualname } from "./type/type";
