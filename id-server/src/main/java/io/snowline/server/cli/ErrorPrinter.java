package io.snowline.server.cli;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.UndefinedEnvironmentVariableException;
import io.dropwizard.core.cli.Cli;
import io.snowline.audit.AuditException;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceExistsException;
import io.snowline.coordination.UnreadableRecordException;
import java.io.FileNotFoundException;
import java.net.BindException;

/** Prints why a command failed: in one message if the user can fix the cause, else with the stack trace. */
final class ErrorPrinter {

    private ErrorPrinter() {}

    static void tell(Cli cli, Throwable failure) {
        if (mendable(failure)) {
            cli.getStdErr().println(String.valueOf(failure.getMessage()).stripTrailing());
        } else {
            failure.printStackTrace(cli.getStdErr());
        }
    }

    private static boolean mendable(Throwable failure) {
        return failure instanceof ConfigurationException
                || failure instanceof UndefinedEnvironmentVariableException
                || failure instanceof FileNotFoundException
                || failure instanceof CoordinatorUnavailableException
                || failure instanceof UnreadableRecordException
                || failure instanceof NamespaceExistsException
                || failure instanceof WrongUsageException
                || failure instanceof AuditException
                || failure instanceof DuplicatesFoundException
                || failure.getCause() instanceof BindException;
    }
}
