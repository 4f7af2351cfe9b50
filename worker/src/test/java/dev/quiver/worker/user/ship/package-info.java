/// Tests of class shipping with real shells, real jars and other JVMs.
@NullMarked
package dev.quiver.worker.user.ship;

import org.jspecify.annotations.NullMarked;
