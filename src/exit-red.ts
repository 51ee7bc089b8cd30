/** Imported first by an entry: whatever ends the process before success is verified ends it red (INV-10). */
process.exitCode = 1;
