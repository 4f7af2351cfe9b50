/// Tells dashboards what pipelines do and did.
@NullMarked
package dev.quiver.pipeline.shown;

import org.jspecify.annotations.NullMarked;
