package dev.holdfast.session.file;

/** What an acknowledged write survives. */
public enum Durability {

    /**
     * The crash of a process, also by {@code kill -9}: whatever was acknowledged is in the operating system's hands. A
     * power cut or a crash of the system itself may lose the writes of the last seconds, those that the system had not
     * yet put on the disk; a record is then the older one or absent, never a mixture.
     *
     * <p>The default: after a power cut most people log in again anyway, and waiting for the disk on each request costs
     * far more than the rest of the verb.
     */
    NONE,

    /**
     * A power cut, too: a write is acknowledged once the disk has the file's data and, where a name came or went, the
     * directory. As true as what the disk says. Leases are not waited for.
     */
    FSYNC
}
