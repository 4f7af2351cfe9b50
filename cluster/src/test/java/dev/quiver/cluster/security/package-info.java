@NullMarked
package dev.quiver.cluster.security;

import org.jspecify.annotations.NullMarked;
