/**
 * JMH benchmarks of the stores and of what a programmer would write by hand against the same engine, side by side. Not
 * null-marked, since JMH fills the fields of its states.
 */
package dev.holdfast.benchmarks;
