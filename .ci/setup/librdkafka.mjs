/**
 * Mends of librdkafka, until a release has them.
 *
 * A producer that gives its offsets to a transaction looks for the group's
 * coordinator, and waits for a broker to come or go before it looks again: where none does, for ever, whatever time-out it was
 * given (github.com/confluentinc/librdkafka, issues 5456 and 5511). Here it looks again by itself, until its time is over.
 *
 * Of a batch in which several records are refused each is told to be invalid, whatever the broker says of the batch: that its times are
 * ahead of the broker's clock is no record's fault, and looks as if it were. Here the batch's own error is kept.
 *
 * Its threads wait until times of a clock that can be set (issue 2145): where that is set back meanwhile, as much longer, and with them a
 * commit that waits for one. Here they wait by the clock that nobody sets, which the C library can since glibc 2.30.
 */
export const MENDS = [
  {
    file: 'rdkafka_coord.c',
    before: `static void rd_kafka_coord_req_keep(rd_kafka_coord_req_t *creq) {
`,
    after: `static void rd_kafka_coord_req_again(rd_kafka_t *rk,
                                     rd_kafka_coord_req_t *creq) {
        rd_kafka_timer_start_oneshot(&rk->rk_timers, &creq->creq_tmr, rd_true,
                                     250 * 1000, rd_kafka_coord_req_tmr_cb,
                                     creq);
}

static void rd_kafka_coord_req_keep(rd_kafka_coord_req_t *creq) {
`
  },
  {
    file: 'rdkafka_coord.c',
    before: `                rd_kafka_buf_retry(rkb, request);
                return; /* Keep refcnt from req_fsm() and retry */
        }
`,
    after: `                if (rd_kafka_buf_retry(rkb, request))
                        return; /* Keep refcnt from req_fsm() and retry */
        }

        if (!creq->creq_done)
                rd_kafka_coord_req_again(rk, creq);
`
  },
  {
    file: 'rdkafka_coord.c',
    before: `        /* Check cache first */
        rkb = rd_kafka_coord_cache_get(
`,
    after: `        if (rd_timeout_expired(rd_timeout_remains(creq->creq_ts_timeout))) {
                rd_kafka_coord_req_fail(rk, creq,
                                        RD_KAFKA_RESP_ERR__TIMED_OUT);
                return;
        }

        /* Check cache first */
        rkb = rd_kafka_coord_cache_get(
`
  },
  {
    file: 'rdkafka_coord.c',
    before: `                } else if (creq->creq_rkb == rkb) {
`,
    after: `                } else if (creq->creq_rkb == rkb) {
                        rd_kafka_coord_req_again(rk, creq);
`
  },
  {
    file: 'rdkafka_coord.c',
    before: `                        rd_kafka_broker_keep(rkb);
                        creq->creq_rkb = rkb;
`,
    after: `                        rd_kafka_coord_req_again(rk, creq);
                        rd_kafka_broker_keep(rkb);
                        creq->creq_rkb = rkb;
`
  },
  {
    file: 'rdkafka_coord.c',
    before: `                /* No available brokers yet, we'll be re-triggered on
                 * broker state broadcast. */
                return;
`,
    after: `                /* No available brokers yet, we'll be re-triggered on
                 * broker state broadcast. */
                rd_kafka_coord_req_again(rk, creq);
                return;
`
  },
  {
    file: 'rdkafka_txnmgr.c',
    before: `                actions = RD_KAFKA_ERR_ACTION_SPECIAL;
                return;
`,
    after: `                actions = RD_KAFKA_ERR_ACTION_SPECIAL;
                break;
`
  },
  {
    file: 'rdkafka_request.c',
    before: `                /* Change error codes if necessary */
                rd_kafka_msgbatch_handle_Produce_result_record_errors(presult,
                                                                      batch);
`,
    after: `                /* Change error codes if necessary */
                if (err != RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP)
                        rd_kafka_msgbatch_handle_Produce_result_record_errors(
                            presult, batch);
`
  },
  {
    file: 'tinycthread_extra.c',
    before: `                gettimeofday(&tv, NULL);
                ts.tv_sec  = tv.tv_sec;
                ts.tv_nsec = tv.tv_usec * 1000;
`,
    after: `#if CAN_WAIT_MONOTONIC
                (void)tv;
                clock_gettime(CLOCK_MONOTONIC, &ts);
#else
                gettimeofday(&tv, NULL);
                ts.tv_sec  = tv.tv_sec;
                ts.tv_nsec = tv.tv_usec * 1000;
#endif
`
  },
  {
    file: 'tinycthread_extra.c',
    before: `                ret                = cnd_timedwait(cnd, mtx, &ts);
`,
    after: `#if CAN_WAIT_MONOTONIC
                /* The C library's types of both names are one. */
                ret = pthread_cond_clockwait((pthread_cond_t *)cnd,
                                             (pthread_mutex_t *)mtx,
                                             CLOCK_MONOTONIC, &ts);
                ret = ret == 0           ? thrd_success
                      : ret == ETIMEDOUT ? thrd_timedout
                                         : thrd_error;
#else
                ret                = cnd_timedwait(cnd, mtx, &ts);
#endif
`
  },
  {
    file: 'tinycthread_extra.c',
    before: `#include "tinycthread.h"
`,
    after: `#include "tinycthread.h"

#if defined(__GLIBC__)
#define CAN_WAIT_MONOTONIC __GLIBC_PREREQ(2, 30)
#else
#define CAN_WAIT_MONOTONIC 0
#endif
`
  }
]
