class Job:
    """Has no bookmarks."""

    def __init__(self, glue_context):
        pass

    def init(self, job_name, args={}):
        pass

    def commit(self):
        pass
