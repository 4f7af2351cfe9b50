/// What pipelines ran, when, and what became of it: kept beside their ledgers.
@NullMarked
package dev.quiver.pipeline.history;

import org.jspecify.annotations.NullMarked;
