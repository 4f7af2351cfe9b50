/// What a scheduler writes down so that another one can go on in its place.
@NullMarked
package dev.quiver.cluster.log;

import org.jspecify.annotations.NullMarked;
