//! Holds the words that forbid a trade or mean nothing for it. Read once into the table.

use super::{Cue, Guard};

pub(super) const PHRASES: &[(Cue, &str)] = &[
    (
        Cue::Negation,
        "forget the, forget about, passing on, pass on, staying out, stayed out, sitting out, sitting this one out, sit this one out, not for me, i passed, we passed, passed on, i skipped, skipped, hold off, holding off, no thanks, not, don't, dont, do not, never, no, avoid, stay away, stay out, stay away from, skip, refrain, isn't, isnt, aren't, won't, wont, can't, cannot, didn't, didnt, haven't, hasn't, hadn't, \
         wouldn't, shouldn't, doesn't, without, nicht, kein, keine, keinen, nunca, ne, pas, jamais, non, não, nao, не, нет, никогда, 不要, 别, 不, 勿, ain't, neither, nor, wasn't, weren't, nobody, none",
    ),
    (
        Cue::Noun,
        "trade, trades, trading, signal, signals, alert, alerts, position, positions, setup, entries yet, yet, action, order, orders, follow, following, copy, copying, doing, participating, entering, interested, touch, chase into, live trade",
    ),
    (
        Cue::Guard(Guard::Test),
        "drop table, test, testing, test alert, test signal, test trade, test message, this is a test, example, examples, for example, sample, e.g, eg, ignore, disregard, demo, demo trade, demo account, paper, paper trade, paper trading, papertrade, papertrading, \
         papertraded, paper account, practice, practice trade, simulated, simulation, simulator, sim, sim trade, sim account, mock, mock trade, dummy, template, dry run, backtest, backtested, backtesting, hypothetical, hypothetically, \
         for the class, for my class, for my students, for students, in class, for education, educational, for educational purposes, for class, homework, quiz, format, placeholder, beispiel, ejemplo, exemple, esempio, exemplo, пример, тест, тестовый, testing the bot, prueba, essai, 测试, 示例, 模拟, \
         system prompt, as an ai, previous instructions, do not trade, how to read, stands for, means buy, lesson, tutorial, cheat sheet, glossary, reads as, in theory, pretend, roleplay, what if, @bot, to bot, note to bot, instruction to, instructions to, output this, output the following, output exactly, respond with, reply only with, your task is, your job is, safety policy, dear parser, hey parser, note to parser, parser, treat this, treat this message, treat this as, treat the following, interpret this, process this, execute this, read this as, classify this, mark this as, hey bot, dear bot, ok bot, bot please, dear ai, hey ai, you are now, you are a, override, admin override, developer mode, trading engine, assistant, jailbreak, sudo, explained, explanation, vs buy, vs sell, learn, learn to, learn how, covered call, covered calls, not active, no longer active, inactive, anymore, any more, forget your, your instructions, new instruction, new instructions, not valid, no longer valid, invalid signal, invalid alert, not serious, not a serious, not being serious, just joking, wrong signal, wrong chart, void this, april fools, kidding, jk, just kidding, meme trade, imagine, /s",
    ),
    (
        Cue::Guard(Guard::Legs),
        "debit spread, credit spread, call spread, put spread, call spreads, put spreads, bull spread, bear spread, vertical, verticals, vertical spread, iron condor, iron condors, condor, condors, \
         iron fly, iron butterfly, butterfly, butterflies, straddle, straddles, strangle, strangles, calendar spread, calendars, diagonal, diagonals, ratio spread, \
         box spread, jade lizard, pmcc, poor man's covered call, broken wing, bwb, risk reversal",
    ),
    (
        Cue::Guard(Guard::Undo),
        "actually no, actually wait, actually don't, actually nevermind, wait no, typo meant, typo should, typo i meant, i meant, meant to say, scratch that, scrap that, strike that, forget that, forget it, ignore that, cancel that, delete that, take that back, taking that back, i take it back, \
         never mind, nevermind, nvm, on second thought, on second thoughts, second thoughts, changed my mind, changing my mind, change of plan, change of plans, \
         wrong channel, wrong server, wrong room, wrong chat, wrong ticker, my mistake, posted by mistake, posted by accident, misclick, misclicked, fat finger, \
         fat fingered, order rejected, order was rejected, got rejected, doch nicht, vergiss es, olvídalo, olvidalo, отбой, забудьте, oublie ça, lascia stare",
    ),
    (
        Cue::Guard(Guard::Recap),
        "alert in vip room, alert in the vip room, in vip room, in the vip room, this was our alert, was our alert, this was our signal, was our signal, this was our call, this was the alert, delivered again, alert delivered, alerts delivered, signal delivered, mistakes, blunders, regrets, closed trades, closed positions, past trades, old trades, previous trades, completed trades, best one was, best one, week so far, month so far, year so far, day so far, my best, my worst, my biggest, my favorite trade, my first ever, best was, worst was, recap, recaps, scorecard, score card, report card, results, win rate, winrate, performance, weekly results, weekly recap, week recap, daily recap, monthly recap, track record, scoreboard, trade log, journal, summary, wrap up, trades closed, realized, total profit, net profit, rückblick, resumen, \
         résumé, итоги, статистика, 总结, statistics, historical data, win loss, wins and losses, stats, review of, eod recap, p&l, p/l, p l open, open p l, p&l open, unrealized, unrealised, net liq, net liquidity, nlv, buying power, currently long, currently short, currently in, currently holding, expired, invalidated, we called, i called, called it, we alerted, i alerted, alerted at, called at, hall of fame, leaderboard, trade of the day, trade of the week, trade of the month, play of the day, play of the week, play of the month, trades of the day, trades of the week,          best trade, best trades, best play, top trade, top trades, biggest winner, biggest loser, todays winners, open positions, current positions, positions open, open trades, current holdings, bilan, récapitulatif, riepilogo, ergebnisse, wochenrückblick, özet, resultados, résultat, résultats, risultati, результаты, результат",
    ),
    (
        Cue::Guard(Guard::News),
        "open interest, oi, upgrades, upgraded, upgrade, downgrades, downgraded, downgrade, initiates, initiated coverage, reiterates, reiterated, maintains, raises target, raises pt, cuts pt, cuts target, lowers target, eps, revenue, beats, misses, guidance, insider, form 4, analyst, analysts, \
         whale alert, whale, unusual, unusual options, sweep, sweeps, flow alert, options flow, dark pool, block trade, breaking, halted, sec filing, fda, earnings report, reports q1, reports q2, reports q3, reports q4, reportedly, according to, headline, cpi, fomc, nfp, ppi, jobs report, \
         insiders, institutional, hedge fund, 13f, buyback, ipo, merger, acquisition, lawsuit, dominance, open interest, market cap, liquidated, liquidations, funding rate, price target raised, price target cut, outperform, overweight, underweight, ceo, cfo, \
         director, congress, senator, treasury, holdings, disclosed, filing, filings, acquires, acquired, announces, announced, premium spent, premium sold, bullish flow, bearish flow, order flow, on the ask, ask side, above ask, volume spike, net inflow, inflows, outflows, rate cut, rate hike, etf inflows, buy rating, sell rating, hold rating, rating, ratings, rated, initiated at, initiates at, reiterated at, order book, orderbook, buy volume, sell volume, buying volume, selling volume, buy orders, sell orders, target raised, target cut, target hiked, buy signal confirmed, sell signal confirmed, buy signal flashed, sell signal flashed, neutral, price objective, traded at, traded, consensus, tipranks, zacks, avg pt, average pt, average target, average price target, stake, takeover, recall, recalls",
    ),
    (
        Cue::Guard(Guard::Promo),
        "vote below, cast your vote, vote now, poll, giveaway, giveaways, raffle, promo, promo code, discount, coupon, use code, with code, off yearly, off monthly, yearly plan, monthly plan, free trial, giving away, give away, referral, affiliate, airdrop, lottery, win a prize, tickets, merch, gutschein, rabatt, descuento, скидка, розыгрыш, 优惠, black friday, gift card, sponsored",
    ),
    (
        Cue::Guard(Guard::Quote),
        "@speaker, they are, they're, he is, she is, he's, she's, people are, funds are, institutions are, whales are, said, says, posted, wrote, tweeted, tweets, quoted, quoting, told me, tells, claims, claimed, shared by, someone said, he bought, she bought, he sold, she sold, they bought, they sold, he's buying, she's buying, they're buying, copycats, screenshot from, forwarded from, calling for, shoutout, shout out, kudos, props to, rt, retweet, liked, another server, other server, another group, other group, another channel, other channel, copied from, leaked, leaks, stolen from, free members, premium members, vip members",
    ),
    (
        Cue::Guard(Guard::Hypothetical),
        "at the end of day, at the end of the day, at end of day, at eod, by eod, by the end of day, by end of day, had a, had an, had my, queued, queued up, if, might, may, maybe, would, would've, wouldve, would have, could, could've, could have, should, should've, should have, shoulda, coulda, woulda, i'd, we'd, thinking of, thinking about, thinking to, considering, planning, planning to, plan to, plan is to, will, i'll, ill, we'll, \
         gonna, going to, wish, wished, want to, wanted to, wanna, hoping, hope to, tempted, looking to, looking for, looking at, waiting, wait, wait for, waiting for, wait until, unless, once, when, whenever, until, perhaps, possibly, potentially, potential, probably, ready to, get ready, almost, about to, \
         prepare, prepare to, be ready, would like, feel like, wenn, falls, vielleicht, könnte, würde, möchte, wäre, wären, hätte gern, sollte man, müsste, dürfte, mir lieber, sería mejor, debería, deberíamos, serait mieux, devrait, sarebbe meglio, dovrebbe, deveria, si, cuando, quizás, quizá, tal vez, podría, peut être, pourrait, quand, forse, potrebbe, quando, se, talvez, poderia, если, когда, может, возможно, бы, 如果, 可能, 也许, in case, \
         upcoming, tomorrow's session, tomorrow's cash session, tomorrow's open, tomorrow's setups, tomorrow's plays, tomorrow's trades, tomorrow's orders, tomorrow's list, coming, coming up, later, soon, tomorrow, next week, next month, on monday, morgen, mañana, demain, domani, amanhã, завтра, 明天, consider, debating, deciding, i was going, was about, supposed, suppose, assume, assuming, conditional, need to, needs to, have to, let me know, eventually, or maybe, someday, one day, possible, incoming, хотел, хотела, хотели, хочу, любопытно, quería, voulais, wollte, wollten, düşünüyorum, any chance, lfg when, let's say, lets say, say you, supposing, missed, missed it, i missed, ideally, in an ideal world",
    ),
    (
        Cue::Guard(Guard::Watch),
        "watch, watching, watchlist, watch list, on watch, on radar, on my radar, radar, eyeing, eye on, keep an eye, keeping an eye, monitor, monitoring, levels to watch, key level, key levels, levels, stalking, scanning, candidates, ideas for, trade ideas, trade idea, idea, ideas, interested in, like the setup, \
         like this setup, nice setup, setup forming, setups, next week plays, plan for, game plan, pivot, pivots, bias bullish, bias bearish, is bullish, is bearish, beobachten, beobachte, vigilar, surveiller, наблюдаем, наблюдать, 观察, 关注, would need, screenshot, screenshots, notification, notifications, in focus, focus list, on deck",
    ),
    (
        Cue::Guard(Guard::OtherDay),
        "too early now, yesterday, yesterday's, last trade, last alert, previous trade, previous alert, earlier alert, earlier trade, last signal, previous signal, last night, last week, last month, last year, last friday, last monday, last tuesday, last wednesday, last thursday, days ago, weeks ago, months ago, years ago, a while ago, back in, back then, back when, in january, in february, in march, in april, in may, in june, \
         in july, in august, in september, in october, in november, in december, gestern, letzte woche, ayer, hier soir, la semana pasada, la semaine dernière, ieri, ontem, вчера, на прошлой неделе, 昨天, 上周, the other day, before the crash, used to, monday's, friday's, pre covid, remember when, monday alert, tuesday alert, wednesday alert, thursday alert, friday alert, from monday, from tuesday, from wednesday, from thursday, from friday, ago, right before it, just before it, right before they, right before the, only to watch, only for it, without me, right at the top, at the very top, too early, too soon, too late, hatte, hatten, back on, entry was, entries were, exit was, my entry was, my exit was, was my entry, earlier today, this morning i, done and dusted",
    ),
    (
        Cue::Guard(Guard::Status),
        "hitting, reaches, filled, triggered, tagged, up, down, running, ran, in profit, in the green, in the money, so far, printing, ripping, flying, pumping, dumping hard, erreicht, getroffen, alcanzado, \
         tocado, atteint, raggiunto, atingido, достигнут, достигнута, взяли, 达到, 触发, gains, gained, gain, profits, winner, winners, congrats, congratulations, banger, nailed, crushed, crushing, made, paid us, worked out, played out, holding, still in, still holding, still long, still short, hold, hodl, no changes, no change, unchanged, runs, \
         from here, worthless, balance, broke, breaks, breaking out, rejected, bounced, bouncing, squeezing, is at, trades at, trading, sits, sitting, closes at, closed at, closed green, closed red, opens at, opened at, is trading",
    ),
    (
        Cue::Guard(Guard::Over),
        "hit, hits, reached, smashed, achieved, done",
    ),
    (
        Cue::Guard(Guard::Stopped),
        "stopped out, got stopped, got stopped out, stopped, was stopped, was stopped out, currently up, currently down",
    ),
    (
        Cue::Guard(Guard::View),
        "looking good, looks good, looking great, looks, looking strong",
    ),
    (
        Cue::Guard(Guard::Legal),
        "advice, recommendation, recommendations, solicitation, solicitations, invitation, inducement, endorsement, guarantee, guarantees, guaranteed, \
         adviser, advisers, advisor, advisors, fiduciary, liable, liability, responsibility, losses, risk of loss, involve risk, involves risk, suitable for, \
         you can lose, can lose more, afford to lose, lose all, lose your, own research, own due diligence, due diligence, past results, past returns, future results, \
         future returns, results may, disclaimer, anlageberatung, anlageempfehlung, empfehlung, kaufempfehlung, aufforderung, totalverlust, haftung, \
         recomendación, recomendaciones, asesoramiento, asesor, asesores, consejo, conseil, conseils, recommandation, incitation, sollicitation, consiglio, \
         consulenza, raccomandazione, invito, sollecitazione, recomendação, recomendações, aconselhamento, conselho, рекомендацией, рекомендация, рекомендации, \
         советом, 投资建议, 投資建議",
    ),
    (
        Cue::Guard(Guard::Teach),
        "educational use only, for educational use only, education use only, educational use, educational content only, informational use only, for informational use only, \
         education only, for education only, educational only, education purposes, for education purposes, educational purposes only, for educational purposes only, \
         educational purposes, information only, for information only, informational purposes only, for informational purposes only, entertainment only, \
         for entertainment only, entertainment purposes, means one, means a, past performance, hypothetical performance, hypothetical results, hypothetical or simulated performance, \
         simulated performance, nur zu bildungszwecken, fines educativos, but éducatif, scopo educativo, fins educacionais",
    ),
    (
        Cue::Guard(Guard::Chat),
        "closing in on, closes in on, closed in on, closing the gap, picking up where, picked up where, pick up where, picks up where, so i'm long, so im long, so i'm short, so im short, gear, hoodie, shirt, mug, sneakers, is how, is why, is what, is when, is dumb, is stupid, is crazy, is insane, is a mistake, was a mistake, gave us, gave me, netted us, netted me, handed us, earned us, was a beauty, was beautiful, was nice, was fun, was easy, was great, was perfect, was awesome, was amazing, was money, was clean, was dumb, was stupid, was how, was why, close but no cigar, no cigar, sell signal on, buy signal on, be careful, careful, is a buy, is a sell, is a long, is a short, a buy, a sell, a strong buy, the dip, buy the dip, buying the dip, dip buying, dips, gm, good morning, good evening, good night, good luck, congrats, thanks, thank you, welcome, hello, hi, hey, sorry, happy, love, hate, regret, dinner, lunch, breakfast, coffee, pizza, beer, beers, my dad, my mom, my wife, my husband, my friend, my buddy, my neighbor, my brother, my broker, my cousin, buy you, sell you, fomo, bag holder, bagholder, \
         bagholders, clown, kek, bro, dude, i was long, i was short, i am long, i'm long, im long, i am short, i'm short, im short, we are long, we were long, been long, been short, was long, was short, am long, am short, i like, i love, i think, i believe, i feel, imo, imho, opinion, best decision, going all in, all in on, everyone is, everybody, people are, people, retail, bulls are, bears are, \
         dip buyers, buyers, sellers, buyer, seller, short sellers, short interest, short squeeze, long term, short term, longterm, shortterm, long time, long run, long weekend, long day, long live, is up, are up, is down, are down, already up, is flat, are flat, was flat, is now, pays, pays well, is resting, resting, is working, what a, back to flat, cost me, everyone long, everyone short, everyone buying, everyone selling, at market close, market close, long bias, short bias, bias intact, was the, were the, was a, has been, have been, had been, is the play, so long, as long as, not long, how long, too long, too short, before long, in short, short week, short seller, buy the rumor, sell the news, sell in may, buy high, sell low, buy low, sell high, \
         in the long run, open mic, open house, close call, close to, close enough, closing bell, opening bell, at the open, at the close, at open, at close, market open, market close, after close, before open, by close, into close, into the close, exit poll, exit polls, exit scam, exit strategy, buy side, sell side, buy signal on the, selling pressure, buying pressure, sell off, sold off, selloff, sell wall, buy wall, cut losses, cut your losses, take care, take a look, take a break, taking a break, take it easy, \
         stop asking, stop buying, stop selling, add me, adding members, add the bot, follow me, out of office, out of town, out for, out there, out loud, cash out, log out, watch out, figure out, check out, find out, turned out, turns out, sold me, sold on, buys you, long story, short story, long way, move on, moving on, moves on, open to, open for, open source, let it ride, pulling back, pull back, pulled back, pullback, pulling away, pulling up, pushing up, pushing higher, pushing lower, cutting it close, long wicks, short wicks, long wick, short wick, long candle, short candle, long shot, long list, short list, short circuit, long ago, long overdue, sat out",
    ),
    (
        Cue::Guard(Guard::Laugh),
        "lol, lmao, haha, hahaha, rofl, xd, 哈哈, ахах, хаха, jaja, jajaja",
    ),
    (
        Cue::Guard(Guard::Person),
        "you, he, she, they, someone else, somebody, some guy, my friends, members, folks who",
    ),
    (
        Cue::Guard(Guard::Disclaimer),
        "not financial advice, not investment advice, not advice, not a recommendation, not a buy recommendation, not a solicitation, no financial advice, nfa, dyor, do your own research, for informational purposes, at your own risk, trade at your own risk, past performance does not, results may vary, not responsible, keine anlageberatung, no es consejo financiero, не является, my own view, just my view, \
         just my own view, don't chase, do not chase, dont chase, never chase, no chasing, not chasing, manage your risk, manage risk, use proper risk, size accordingly, size down, size properly, trade safe, good luck all, not for everyone, no need to rush, don't hold overnight, don't be greedy, don't get greedy, do not overleverage, don't overleverage, never risk more, don't size up, not a day trade, no rush, not overnight",
    ),
    (
        Cue::Guard(Guard::Ask),
        "what, where, who, why, how, which, is, are, was it, does, did, do you, do we, can, can we, can i, can you, can someone, can anyone, anyone, anybody, someone, whats, what's, where's, who's, how's, any thoughts, thoughts, thoughts on, should i, should we, is it, is this, are we, warum, wieso, wer, wann, wo, qué, cuándo, dónde, quién, pourquoi, quoi, perché, почему, кто, где, 为什么, 吗, 什么, question",
    ),
    (
        Cue::Outcome,
        "no follow through, follow through, for a small loss, for a loss, for small loss, for a small gain, for a gain, for a small profit, for a profit, for small profit, \
         at a loss, at a small loss, at a profit",
    ),
    (
        Cue::Filler,
        "into fomc, before fomc, ahead of fomc, into cpi, before cpi, ahead of cpi, into nfp, before nfp, ahead of nfp, into ppi, before ppi, into earnings, before earnings, ahead of earnings, \
         into the print, before the print, ahead of the print, into the weekend, before the weekend, over the weekend, into the news, before the news, into news, before news, \
         lil, first tranche of, second tranche of, first piece of, a couple, a couple of, a few, a handful of, a bit of, a little, a little bit of, alright, aight, okay, welp, boom, screw it, here we go, finally, quietly, quickly, literally, basically, long hold, the, my, our, your, some, more, another, additional, extra, further, others, done with it, done with this, done with that, here, on, in, with, is moving, just, i, we, i'm, i've, we're, we've, we are, im, ive, am, please, pls, guys, team, everyone, all members, new, this, that, these, those, der, die, das, dort, hier, el, la, los, las, le, les, un, una, une, il, lo, o, os, as, в, с, us, me, him, so, its, it's, an, into, spot, perp, perpetual, futures, usdt perp, \
         vip, premium, alert, free, update, now that, fresh, small, tiny, big, light, full size, lotto, lottos, risky, swing, swinging, scalp, scalping, day trade, daytrade, yolo, quick, intraday, intra, regular, manually, manual, margin, binance, bybit, okx, kraken, kucoin, bitget, mexc, nasdaq, nyse, immediate, risky/lotto, weekly, weeklies, weeklys, monthly, leaps, leap, max, only, again, also, today, challenge, \
         roll, reverse, rolling, correction, edit, edited, both, very, size small, half size, hit or, order, orders, pending, position, positions, resting, unfilled, trade, signal, signals, setup, strong, nice, good, great, confirmed, confirm, valid, active, status, for now, futures call, spot call, new call, vip call, free call, premium call, crypto call, scalp call, our call, signal call, futures signal",
    ),
    (
        Cue::Except,
        "except, except for, excepting, excluding, exclude, apart from, aside from, other than, besides, barring, minus, save, save for, with the exception of, außer, excepto, salvo, sauf, tranne, exceto, кроме, 除了",
    ),
    (
        Cue::But,
        "but, however, aber, pero, mais, ma, mas, но, 但, while, because, since it, as it, as momentum, due to, so i'm, so i am, so im, so we're, that's why i'm, which is why i'm",
    ),
];
