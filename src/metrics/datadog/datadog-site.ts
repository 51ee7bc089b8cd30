/** The sites of Datadog: a closed list, so that no input can make another host be dialled. Pure. */
import { ConnectionInputError } from '../../runtime/connection-input-error.ts';

/** Every site whose API may be asked. Source: Datadog documentation, "Query timeseries points". */
export const DATADOG_SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'uk1.datadoghq.com',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
] as const;

/** Returns the address of a site's API. Errors: ConnectionInputError for a text that is no site. */
export function datadogAddress(site: string): URL {
  const wanted = site.trim().toLowerCase();
  const known = DATADOG_SITES.find((one) => one === wanted);
  if (known !== undefined) return new URL(`https://api.${known}`);
  throw new ConnectionInputError(
    `datadog-site is no site of Datadog; expected one of ${DATADOG_SITES.join(', ')}. ` +
      'It is the part of your Datadog address after "app." or the first dot, without https://.',
  );
}
