export type { Slot } from './agenda';
export { nobodyElse, type Channel } from './channel';
export { ContextStore, type Context } from './context-store';
export { DiskStore } from './disk-store';
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
export { RedisStore } from './redis-store';
export { readRedisUrl, type RedisAddress } from './redis-url';
