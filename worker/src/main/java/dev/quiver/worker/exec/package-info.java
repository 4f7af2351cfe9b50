/// Runs pipelines: one thread takes one partition from the source through the operators into the
/// sink.
@NullMarked
package dev.quiver.worker.exec;

import org.jspecify.annotations.NullMarked;
