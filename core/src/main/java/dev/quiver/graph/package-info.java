/// What is to be computed: stages of tasks and what each task reads, one record a stage.
@NullMarked
package dev.quiver.graph;

import org.jspecify.annotations.NullMarked;
