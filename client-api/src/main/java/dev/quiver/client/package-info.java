/// The way in: sessions, tasks and their futures, and the queries that frames run.
@NullMarked
package dev.quiver.client;

import org.jspecify.annotations.NullMarked;
