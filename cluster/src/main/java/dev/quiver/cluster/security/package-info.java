/// Who a process of a cluster is, and whom it lets in.
@NullMarked
package dev.quiver.cluster.security;

import org.jspecify.annotations.NullMarked;
