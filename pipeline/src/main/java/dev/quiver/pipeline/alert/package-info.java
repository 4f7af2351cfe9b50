/// Telling people and programs when runs go wrong, and when they are right again.
@NullMarked
package dev.quiver.pipeline.alert;

import org.jspecify.annotations.NullMarked;
