/// Workers that come and go as there is work for them.
@NullMarked
package dev.quiver.cluster.scale;

import org.jspecify.annotations.NullMarked;
