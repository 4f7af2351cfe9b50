/// What client, scheduler and worker say to each other: sealed messages without arrays.
@NullMarked
package dev.quiver.protocol;

import org.jspecify.annotations.NullMarked;
