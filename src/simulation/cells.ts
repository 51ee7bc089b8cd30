/** Which device runs which version: devices in cells of one version, group and class, all alike. Pure. */
import { addDevice, type DeviceBits, emptyBits, type Members, removeDevice } from './device-set.ts';
import type { Fleet } from './fleet.ts';
import { hashKeys, hashText } from './random-source.ts';

/** The reachable devices of one version, group, class and part of the fleet. */
export interface Cell extends Members {
  readonly version: string;
  /** Index of the group; the number of groups for the devices of no group. */
  readonly group: number;
  readonly classIndex: number;
  /** Index of the fleet's part. */
  readonly part: number;
  /** Identifies the cell in every world. */
  readonly key: number;
  readonly list: readonly number[];
}

/** Where every device of a fleet is. */
export interface Cells {
  /** Every cell that has or had a device, in the order in which they came to be. */
  readonly all: readonly Cell[];
  /** Returns the version that a device runs; null when it has none yet. */
  versionOf(device: number): string | null;
  /** Makes a device run a version. Devices that are offline run it too, but belong to no cell. */
  move(device: number, version: string): void;
}

interface OpenCell extends Cell {
  readonly list: number[];
  readonly bits: DeviceBits;
  size: number;
}

/** Returns cells in which no device runs anything. */
export function createCells(fleet: Fleet): Cells {
  const versions: (string | null)[] = Array.from({ length: fleet.size }, () => null);
  const cellOf: (OpenCell | undefined)[] = Array.from({ length: fleet.size });
  const positions = new Uint32Array(fleet.size);
  const all: OpenCell[] = [];
  const byKey = new Map<string, OpenCell>();

  const cellFor = (device: number, version: string): OpenCell => {
    const group = fleet.groupOf[device] ?? 0;
    const classIndex = fleet.classOf[device] ?? 0;
    const part = fleet.partOf[device] ?? 0;
    const name = `${group} ${classIndex} ${part} ${version}`;
    const known = byKey.get(name);
    if (known !== undefined) return known;
    // The first part's draws are those of a fleet that is not divided.
    const key = hashKeys([hashText(version), group, classIndex, ...(part === 0 ? [] : [part])]);
    const cell = { version, group, classIndex, part, key, list: [], bits: emptyBits(fleet.size), size: 0 };
    byKey.set(name, cell);
    all.push(cell);
    return cell;
  };
  const leave = (device: number): void => {
    const cell = cellOf[device];
    const last = cell?.list.pop();
    if (cell === undefined || last === undefined) return;
    if (last !== device) {
      const position = positions[device] ?? 0;
      cell.list[position] = last;
      positions[last] = position;
    }
    removeDevice(cell.bits, device);
    cell.size = cell.list.length;
  };
  const enter = (device: number, version: string): void => {
    const cell = cellFor(device, version);
    positions[device] = cell.list.push(device) - 1;
    addDevice(cell.bits, device);
    cell.size = cell.list.length;
    cellOf[device] = cell;
  };

  return {
    all,
    versionOf: (device) => versions[device] ?? null,
    move(device, version) {
      versions[device] = version;
      if (fleet.offline[device] === 1) return;
      leave(device);
      enter(device, version);
    },
  };
}
