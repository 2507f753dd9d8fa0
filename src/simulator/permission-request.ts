import type { Cancel } from '../clock';
import type { Limits } from './limits';
import { HOUR } from './times';

/** A call permission request that reached the user's phone. Times in epoch milliseconds. */
export interface PermissionRequest {
  /** The message's id (wamid). */
  readonly id: string;
  readonly deliveredAt: number;
  /** The last time it was answered; an answer may be changed until the request lapses. */
  answeredAt: number | null;
  /** Takes back what the user's script is about to answer. */
  cancelReply: Cancel;
}

/** Seven days after the delivery, or after the answer (Meta, user-call-permissions, 2026-06-26). */
export function lapsesAt(request: PermissionRequest, limits: Limits): number {
  return (request.answeredAt ?? request.deliveredAt) + limits.requestHours * HOUR;
}
