/** The published versions of the emulated model. */
import { DAY_MS, type EpochMs } from '../core/units.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import { Refusal } from './refusal.ts';

/** One version; statuses are the words of octomil-python 3c7bad6 and of the contract's lifecycle. */
export interface VersionRecord {
  readonly version: string;
  readonly status: string;
  readonly createdAt: EpochMs;
}

/** The versions of one model. */
export interface VersionShelf {
  /** Newest first, as octomil-python 3c7bad6 relies on. */
  list(): readonly VersionRecord[];
  /** Errors: Refusal `version_not_found`. */
  find(version: string): VersionRecord;
  /** Adds a version, or changes the status of one that is there. */
  put(record: VersionRecord): void;
}

/** Returns the shelf that an emulator starts with: every published version, one a day. */
export function createVersions(settings: EmulatorSettings, startAt: EpochMs): VersionShelf {
  const ageDays = 30;
  let oldestFirst: readonly VersionRecord[] = settings.versions.map((version, index) => ({
    version,
    status: 'published',
    createdAt: startAt - (ageDays - index) * DAY_MS,
  }));
  return {
    list: () => oldestFirst.toReversed(),
    find(version) {
      const found = oldestFirst.find((record) => record.version === version);
      if (found === undefined) throw new Refusal('version_not_found', `version "${version}" does not exist`);
      return found;
    },
    put(record) {
      oldestFirst = [...oldestFirst.filter(({ version }) => version !== record.version), record];
    },
  };
}
