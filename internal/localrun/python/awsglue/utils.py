import argparse


class GlueArgumentError(Exception):
    pass


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise GlueArgumentError(message)


def getResolvedOptions(args, options):
    """Gives the job parameters of these names, all of which must be there."""
    parser = Parser(allow_abbrev=False, add_help=False)
    for name in options:
        parser.add_argument("--" + name, required=True)
    return vars(parser.parse_known_args(args[1:])[0])
