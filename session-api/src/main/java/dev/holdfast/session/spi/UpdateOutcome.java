package dev.holdfast.session.spi;

/** What became of an {@linkplain SessionStore#update update}. */
public enum UpdateOutcome {
    /** The record was replaced, and its version is one higher. */
    APPLIED,
    /** Another writer was first: the stored version is not the expected one, and nothing changed. */
    CONFLICT,
    /** There is no live record under the key, and nothing was written. */
    GONE
}
