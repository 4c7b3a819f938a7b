package io.snowline.server.cli;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.snowline.audit.AuditException;
import io.snowline.config.InvalidSettingsException;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceExistsException;
import io.snowline.coordination.UnreadableRecordException;
import java.io.FileNotFoundException;
import java.net.BindException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Prints why a command failed: in one message if the user can fix the cause, else with the stack trace. */
final class ErrorPrinter {

    private ErrorPrinter() {}

    static void tell(Cli cli, Throwable failure) {
        Optional<Throwable> port =
                chain(failure).filter(BindException.class::isInstance).findFirst();
        if (port.isPresent()) {
            String where = chain(failure)
                    .map(e -> String.valueOf(e.getMessage()))
                    .filter(message -> message.startsWith("Failed to bind"))
                    .findFirst()
                    .orElse("Failed to bind a port");
            cli.getStdErr().println(where + ": " + port.get().getMessage());
        } else if (mendable(failure)) {
            cli.getStdErr().println(String.valueOf(failure.getMessage()).stripTrailing());
        } else {
            failure.printStackTrace(cli.getStdErr());
        }
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static boolean mendable(Throwable failure) {
        return failure instanceof ConfigurationException
                || failure instanceof InvalidSettingsException
                || failure instanceof FileNotFoundException
                || failure instanceof CoordinatorUnavailableException
                || failure instanceof UnreadableRecordException
                || failure instanceof NamespaceExistsException
                || failure instanceof WrongUsageException
                || failure instanceof AuditException
                || failure instanceof DuplicatesFoundException;
    }
}
