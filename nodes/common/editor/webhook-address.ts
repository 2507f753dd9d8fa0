/**
 * Where WhatsApp must send its webhooks, as seen from this browser. Behind a proxy or a tunnel the public host
 * may be another one; the path is the same.
 */
export function webhookAddress(path: string): string {
  const root = (RED.settings.httpNodeRoot || '/').replace(/\/$/, '');
  return window.location.origin + root + path;
}
