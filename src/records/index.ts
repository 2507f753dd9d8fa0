export type { Slot } from './agenda';
export { nobodyElse, type Channel } from './channel';
export { ContextStore, type Context } from './context-store';
export { DiskStore } from './disk-store';
export { Gate } from './gate';
export { Keys, type Ledger } from './keys';
export type { Claimed, Letter } from './outbox';
export type { KeyValueStore, Values } from './key-value-store';
export { Locks } from './lock';
export type {
  AccountChange,
  AccountUpdated,
  CallIndexChange,
  CountsChange,
  Forgotten,
  Found,
  RecordChange,
  RecordShape,
  RecordStore,
  Shape,
  Updated,
  WakingChange,
} from './record-store';
export { Records, type RecordsOptions } from './records';
export { RecordsError, type RecordsErrorCode } from './records-error';
export { RedisChannel } from './redis-channel';
export { RedisConnection } from './redis-connection';
export { risksOf } from './redis-risks';
export { RedisStore } from './redis-store';
export { takeOver, type Source } from './take-over';
export { readRedisUrl, type RedisAddress } from './redis-url';
