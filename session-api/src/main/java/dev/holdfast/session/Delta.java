package dev.holdfast.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request changed of the attributes, applied to as many records as it takes.
 *
 * @param cleared whether all that was there went first
 * @param edits what becomes of each changed attribute
 */
record Delta(boolean cleared, Map<String, Edit> edits) {

    static final Delta NONE = new Delta(false, Map.of());

    boolean isEmpty() {
        return !cleared && edits.isEmpty();
    }

    Envelope applyTo(Envelope envelope) {
        if (isEmpty()) {
            return envelope;
        }
        Envelope before = cleared ? envelope.cleared() : envelope;
        Map<String, @Nullable EncodedValue> changes = new LinkedHashMap<>();
        edits.forEach((name, edit) -> changes.put(name, edit.applyTo(before.find(name))));
        return before.with(changes);
    }
}
