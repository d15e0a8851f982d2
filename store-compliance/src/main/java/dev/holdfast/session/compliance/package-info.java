/** The exam that every session store passes: extend {@link dev.holdfast.session.compliance.SessionStoreExam}. */
@NullMarked
package dev.holdfast.session.compliance;

import org.jspecify.annotations.NullMarked;
