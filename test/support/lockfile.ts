/** Reads a package-lock.json and says what would break an install from it. Pure. */
import { z } from 'zod';

const packageSchema = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  os: z.union([z.string().transform((os) => [os]), z.array(z.string())]).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

const lockfileSchema = z.object({ packages: z.record(z.string(), packageSchema) });

/** The packages of a lockfile by their path, such as `node_modules/a/node_modules/b`; '' is the project. */
export type Lockfile = Readonly<Record<string, z.infer<typeof packageSchema>>>;

/** Returns the packages of a lockfile; throws a ZodError for another shape. */
export function readLockfile(text: string): Lockfile {
  return lockfileSchema.parse(JSON.parse(text)).packages;
}

/**
 * Returns one sentence for each optional package that a parent names and the lockfile lacks.
 *
 * npm drops an optional package that it cannot find in silence and writes a lockfile without it, with which
 * `npm ci` then fails on the platform that needs it.
 */
export function findMissingOptionals(lock: Lockfile): readonly string[] {
  return Object.entries(lock).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => lookUp(lock, parent, name)?.integrity === undefined)
      .map(
        (name) =>
          `${parent === '' ? 'the project' : parent} needs ${name}, which has no entry with integrity`,
      ),
  );
}

/** Returns the paths of packages without integrity, or with the address of a registry. */
export function findUnsafeEntries(lock: Lockfile): readonly string[] {
  return Object.entries(lock).flatMap(([path, entry]) => {
    if (path === '' || entry.link === true) return [];
    const missing = entry.integrity === undefined ? [`${path}: no integrity`] : [];
    return entry.resolved === undefined ? missing : [...missing, `${path}: resolved from ${entry.resolved}`];
  });
}

/** Returns the paths of packages that run a script when they are installed on Linux. */
export function findInstallScripts(lock: Lockfile): readonly string[] {
  return Object.entries(lock)
    .filter(([, { hasInstallScript = false, os }]) => hasInstallScript && (os?.includes('linux') ?? true))
    .map(([path]) => path);
}

/** Node's own rule: the folder of the parent first, then one level up at a time. */
function lookUp(lock: Lockfile, parent: string, name: string): Lockfile[string] | undefined {
  const folders = parent === '' ? [] : parent.split('/node_modules/');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const above = folders.slice(0, depth).join('/node_modules/');
    const found = lock[above === '' ? `node_modules/${name}` : `${above}/node_modules/${name}`];
    if (found !== undefined) return found;
  }
  return undefined;
}
