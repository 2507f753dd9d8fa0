import type { JsonObject } from './json';
import type { Pair, Usage } from './pair';
import type { NumberSettings } from './number-settings';
import { callRefusal, numberRefusal, requestRefusal } from './refusals';
import { unixSeconds, unixSecondsAfter } from './times';

/**
 * The answer of GET call_permissions (Meta, user-call-permissions, 2026-06-26). `can_perform_action` folds in
 * the limits of the pair and what stops the whole number, but not what passes within seconds (a call in
 * progress, the number's throughput).
 */
export function callPermissions(settings: NumberSettings, pair: Pair, now: number): JsonObject {
  const { kind, expiresAt } = pair.permission(now);
  const stopped = numberRefusal(settings, now);
  return {
    messaging_product: 'whatsapp',
    permission: {
      status: kind === 'none' ? 'no_permission' : kind,
      ...(expiresAt === null ? {} : { expiration_time: unixSeconds(expiresAt) }),
    },
    actions: [
      {
        action_name: 'send_call_permission_request',
        can_perform_action: (stopped ?? requestRefusal(pair, now)) === null,
        limits: pair.requestUsages(now).map(toLimit),
      },
      {
        action_name: 'start_call',
        can_perform_action: (stopped ?? callRefusal(pair, now)) === null,
        limits: [toLimit(pair.connectedUsage(now))],
      },
    ],
  };
}

/** `limit_expiration_time` is there only where the limit is reached. */
const toLimit = ({ period, used, allowed, roomAt }: Usage): JsonObject => ({
  time_period: period,
  max_allowed: allowed,
  current_usage: used,
  ...(roomAt === null ? {} : { limit_expiration_time: unixSecondsAfter(roomAt) }),
});
