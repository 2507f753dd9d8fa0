export { CloudApi, type CloudApiOptions, type LookUp } from './cloud-api';
export { CloudApiError, type CloudApiErrorCode, type Outcome } from './errors';
export { GRAPH_ERRORS, nameGraphError, type GraphErrorCode } from './graph-errors';
export type { Accepted } from './parse-accepted';
export { parsePermissionAnswer } from './parse-permission-answer';
export type { Template } from './parse-templates';
export type { PermissionRequest } from './requests';
